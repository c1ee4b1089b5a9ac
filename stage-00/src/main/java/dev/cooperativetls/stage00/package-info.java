/** A stage without code, because a stage is a class path. It has no alternative TLS provider and is fast. */
package dev.cooperativetls.stage00;
