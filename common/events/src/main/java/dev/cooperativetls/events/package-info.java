/**
 * The events that a program prints and the judge reads, one JSON object per line, and the
 * {@link dev.cooperativetls.events.ChildJvm} that runs the program.
 */
package dev.cooperativetls.events;
