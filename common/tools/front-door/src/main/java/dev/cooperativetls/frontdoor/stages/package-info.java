/** The command {@code run-stages}: runs each stage in a new JVM, and prints the verdicts. */
package dev.cooperativetls.frontdoor.stages;
