/** A stage without code, because a stage is a class path. It is that of stage-02, but {@code readInto} is slow. */
package dev.cooperativetls.stage03;
