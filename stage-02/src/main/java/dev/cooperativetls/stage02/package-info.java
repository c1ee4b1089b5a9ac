/** No code of its own: a stage is its class path. This one has the cooperative wrapper as well, and is fast. */
package dev.cooperativetls.stage02;
