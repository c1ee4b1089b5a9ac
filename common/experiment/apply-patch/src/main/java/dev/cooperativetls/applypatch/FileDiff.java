package dev.cooperativetls.applypatch;

import com.github.difflib.patch.Patch;
import com.github.difflib.patch.PatchFailedException;
import java.util.List;

/**
 * What a diff does to one file.
 *
 * @param name the file, relative to the repository's root
 * @param action what becomes of the file
 * @param hunks the changes, in order and apart from one another; never empty
 */
record FileDiff(String name, Action action, List<Hunk> hunks) {

    enum Action { CREATE, CHANGE, DELETE }

    /**
     * The file with every hunk applied at its stated line.
     *
     * <p>git would also look for a hunk's lines elsewhere. This does not: it says where they are, and asks for a fresh
     * diff.
     *
     * @throws PatchFailedException naming the hunk, what it expects and what is there instead; or saying that every
     *     hunk is applied already
     */
    List<Line> applyTo(List<Line> file) throws PatchFailedException {
        var newline = file.isEmpty() || !file.getFirst().hasNewline() ? "\n" : file.getFirst().end();
        var patch = new Patch<Line>();
        for (var hunk : hunks) {
            var mismatch = hunk.mismatch(file);
            if (mismatch.isPresent()) {
                if (isAppliedTo(file)) {
                    throw new PatchFailedException(hunk.header() + " already applied; take it back with git apply -R");
                }
                throw new PatchFailedException(hunk.header() + " does not apply: " + mismatch.get()
                        + hunk.onlyPlaceIn(file)
                                .map("; its lines now begin at line %d: make the diff again"::formatted)
                                .orElse(""));
            }
            patch.addDelta(hunk.deltaFor(file, newline));
        }
        return patch.applyTo(file);
    }

    private boolean isAppliedTo(List<Line> file) throws PatchFailedException {
        for (var hunk : hunks) {
            if (!hunk.isAppliedTo(file)) {
                return false;
            }
        }
        return true;
    }
}
