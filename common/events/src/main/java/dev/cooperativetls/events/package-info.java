/**
 * The vocabulary that a program and its judge share: the events that the program prints, one JSON object per line, and
 * the {@link dev.cooperativetls.events.ChildJvm} whose lines the judge reads.
 */
package dev.cooperativetls.events;
