/** No code of its own: a stage is its class path. This one has the patched wrapper, and both read calls are fast. */
package dev.cooperativetls.stage04;
