/** No code of its own: a stage is its class path. This one has no alternative TLS provider, and is fast. */
package dev.cooperativetls.stage00;
