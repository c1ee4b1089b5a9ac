/** A stage without code, because a stage is a class path. It has the patched wrapper; both read calls are fast. */
package dev.cooperativetls.stage04;
