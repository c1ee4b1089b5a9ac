/** The program behind {@code run-stages}: runs the stages, each in a JVM of its own, and prints their verdicts. */
package dev.cooperativetls.frontdoor;
