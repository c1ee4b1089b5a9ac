/** A stage without code, because a stage is a class path. It also has the cooperative wrapper and is fast. */
package dev.cooperativetls.stage02;
