/** A stage without code, because a stage is a class path. It has the alternative provider and is slow. */
package dev.cooperativetls.stage01;
