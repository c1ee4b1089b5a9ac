/** The command {@code judge}: finds what blocks the carriers of programs that are not part of this repository. */
package dev.cooperativetls.frontdoor.judge;
