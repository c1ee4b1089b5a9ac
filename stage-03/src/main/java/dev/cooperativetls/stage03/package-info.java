/** No code of its own: a stage is its class path. This one has stage-02's, and another read call: slow again. */
package dev.cooperativetls.stage03;
