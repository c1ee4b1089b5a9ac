/**
 * A unified diff applied to a copy of a source tree, without a {@code patch} program: the build of stage-04 makes the
 * patched wrapper with it, on any OS, and fails when a hunk no longer fits.
 */
package dev.cooperativetls.applypatch;
