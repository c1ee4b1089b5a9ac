/**
 * Judges a user's own tests: did a virtual thread hold its carrier thread? Start at {@link ShouldNotHoldCarrier}.
 */
package dev.cooperativetls.junit;
