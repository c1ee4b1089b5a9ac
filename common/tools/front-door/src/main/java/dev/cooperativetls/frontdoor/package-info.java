/** The front door: runs the stages one after another, each in a JVM of its own, and prints their verdicts. */
package dev.cooperativetls.frontdoor;
