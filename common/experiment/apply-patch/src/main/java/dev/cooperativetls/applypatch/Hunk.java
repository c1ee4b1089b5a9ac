package dev.cooperativetls.applypatch;

import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.ChangeDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.PatchFailedException;
import com.github.difflib.patch.VerifyChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One hunk of a diff, at the place that its header states.
 *
 * @param header the header without its section heading, such as {@code @@ -10,6 +10,13 @@}
 * @param before the context and removed lines, at their place in the old file
 * @param after the context and added lines, at their place in the new file
 * @param edits every line of the hunk, in order
 */
record Hunk(String header, Chunk<Line> before, Chunk<Line> after, List<Edit> edits) {

    enum Kind { CONTEXT, REMOVED, ADDED }

    record Edit(Kind kind, Line line) {
    }

    static Hunk of(String header, int oldPosition, int newPosition, List<Edit> edits) {
        return new Hunk(header, new Chunk<>(oldPosition, allBut(Kind.ADDED, edits)),
                new Chunk<>(newPosition, allBut(Kind.REMOVED, edits)), List.copyOf(edits));
    }

    private static List<Line> allBut(Kind kind, List<Edit> edits) {
        return edits.stream().filter(edit -> edit.kind != kind).map(Edit::line).toList();
    }

    /** The first difference between what this hunk expects and the file, in words; empty if the hunk applies. */
    Optional<String> mismatch(List<Line> file) {
        for (int i = 0; i < before.size(); i++) {
            int at = before.getPosition() + i;
            var expected = before.getLines().get(i);
            if (at >= file.size() || !expected.equals(file.get(at))) {
                return Optional.of(difference(expected.toString(), at, file));
            }
        }
        return endsAsItMust(before, file)
                ? Optional.empty()
                : Optional.of(difference("the end of the file", before.last() + 1, file));
    }

    private static String difference(String expected, int at, List<Line> file) {
        var found = at < file.size() ? file.get(at).toString() : "only " + file.size() + " lines";
        return "expected %s in line %d, found %s".formatted(expected, at + 1, found);
    }

    /** Without context below its last change, only the end of the file can hold a hunk in place, as in git. */
    private boolean endsAsItMust(Chunk<Line> side, List<Line> file) {
        return edits.getLast().kind == Kind.CONTEXT || side.last() + 1 == file.size();
    }

    boolean isAppliedTo(List<Line> file) throws PatchFailedException {
        return after.verifyChunk(file) == VerifyChunk.OK && endsAsItMust(after, file);
    }

    /** The number of the one line where this hunk's old lines begin, wherever that is; empty if none or several. */
    Optional<Integer> onlyPlaceIn(List<Line> file) throws PatchFailedException {
        var places = new ArrayList<Integer>();
        for (int at = 0; at + before.size() <= file.size(); at++) {
            if (before.size() > 0 && before.verifyChunk(file, 0, at) == VerifyChunk.OK) {
                places.add(at + 1);
            }
        }
        return places.size() == 1 ? Optional.of(places.getFirst()) : Optional.empty();
    }

    /** The change to a file without a mismatch: context keeps its line ends, added lines take {@code newline}. */
    AbstractDelta<Line> deltaFor(List<Line> file, String newline) {
        var changed = new ArrayList<Line>();
        int at = before.getPosition();
        for (var edit : edits) {
            switch (edit.kind) {
                case CONTEXT -> changed.add(file.get(at++));
                case REMOVED -> at++;
                case ADDED -> changed.add(edit.line.endedBy(newline));
            }
        }
        return new ChangeDelta<>(before, new Chunk<>(after.getPosition(), changed));
    }

    boolean changesNothing() {
        return edits.stream().allMatch(edit -> edit.kind == Kind.CONTEXT);
    }

    /** Whether a line that has no newline stands before another line of its side: a diff that no tool writes. */
    boolean losesNewlineInTheMiddle() {
        return losesNewlineInTheMiddle(before.getLines()) || losesNewlineInTheMiddle(after.getLines());
    }

    private static boolean losesNewlineInTheMiddle(List<Line> lines) {
        return IntStream.range(0, lines.size() - 1).anyMatch(i -> !lines.get(i).hasNewline());
    }
}
