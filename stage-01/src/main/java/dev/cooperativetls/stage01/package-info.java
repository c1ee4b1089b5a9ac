/** No code of its own: a stage is its class path. This one has the alternative provider, and is slow. */
package dev.cooperativetls.stage01;
