/**
 * Checks in JUnit tests that no virtual thread holds its carrier thread. Start with {@link ShouldNotHoldCarrier}.
 */
package dev.cooperativetls.junit;
