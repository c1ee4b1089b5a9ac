/** The programs behind {@code run-stages} and {@code judge}: they run programs, and print verdicts and culprits. */
package dev.cooperativetls.frontdoor;
