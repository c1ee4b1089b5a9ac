/** The commands {@code run-stages} and {@code judge}: what both of them need. */
package dev.cooperativetls.frontdoor;
