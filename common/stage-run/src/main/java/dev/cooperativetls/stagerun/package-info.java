/** One run of a stage, as the verdict tests and {@code run-stages} make it. */
package dev.cooperativetls.stagerun;
