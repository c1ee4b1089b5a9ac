package dev.cooperativetls.applypatch;

import com.github.difflib.patch.DiffException;
import dev.cooperativetls.applypatch.FileDiff.Action;
import dev.cooperativetls.applypatch.Hunk.Edit;
import dev.cooperativetls.applypatch.Hunk.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A reader of unified diffs as {@code git diff} and {@code git format-patch} write them.
 *
 * <p>Stricter than java-diff-utils' own {@code UnifiedDiffReader}, which drops a hunk that is cut short without a word
 * and forgets which side of a change has no newline at its end.
 */
final class UnifiedDiff {

    private static final Pattern HUNK =
            Pattern.compile("^@@ -(\\d{1,9})(?:,(\\d{1,9}))? \\+(\\d{1,9})(?:,(\\d{1,9}))? @@");
    private static final Pattern UNSUPPORTED = Pattern.compile(
            "^(rename |copy |old mode |new mode |new file mode (?!100644)|GIT binary patch|Binary files )");
    private static final String NO_FILE = "/dev/null";

    private final List<Line> lines;
    private int next;

    private UnifiedDiff(List<Line> lines) {
        this.lines = lines;
    }

    /**
     * Reads a whole diff.
     *
     * @throws DiffException if it is none, is damaged, or does more than change, create and delete text files
     */
    static List<FileDiff> parse(String text) throws DiffException {
        return new UnifiedDiff(Line.split(text)).files();
    }

    private List<FileDiff> files() throws DiffException {
        var files = new ArrayList<FileDiff>();
        boolean hunksAreDue = false;
        while (!atEnd()) {
            if (startsFile()) {
                files.add(file());
                hunksAreDue = false;
            } else if (HUNK.matcher(text()).find()) {
                throw bad("a hunk without the --- and +++ lines that name its file");
            } else if (hunksAreDue && UNSUPPORTED.matcher(text()).find()) {
                throw bad("not supported: \"" + text() + "\"; only text files can be changed, created and deleted");
            } else {
                if (text().startsWith("diff --git ")) {
                    requireHunks(!hunksAreDue);
                    hunksAreDue = true;
                }
                next++;
            }
        }
        requireHunks(!hunksAreDue);
        if (files.isEmpty()) {
            throw new DiffException("not a unified diff; make one with git diff");
        }
        return files;
    }

    private boolean startsFile() {
        return text().startsWith("--- ") && next + 1 < lines.size() && lines.get(next + 1).text().startsWith("+++ ");
    }

    private FileDiff file() throws DiffException {
        var oldName = name();
        next++;
        var newName = name();
        if (oldName.equals(NO_FILE) && newName.equals(NO_FILE)) {
            throw bad("a change that names no file");
        }
        var action = oldName.equals(NO_FILE) ? Action.CREATE : newName.equals(NO_FILE) ? Action.DELETE : Action.CHANGE;
        if (action == Action.CHANGE && !oldName.equals(newName)) {
            throw bad("not supported: " + oldName + " becomes " + newName);
        }
        next++;
        var hunks = new ArrayList<Hunk>();
        while (!atEnd() && HUNK.matcher(text()).find()) {
            hunks.add(hunk(hunks.isEmpty() ? 0 : hunks.getLast().before().last() + 1));
        }
        requireHunks(!hunks.isEmpty());
        if (!atEnd() && text().matches("[-+ ].*") && !text().matches("-- ?") && !startsFile()) {
            throw bad("a line more than " + hunks.getLast().header() + " counts");
        }
        return new FileDiff(action == Action.CREATE ? newName : oldName, action, List.copyOf(hunks));
    }

    /** The name in a {@code ---} or {@code +++} line, without its {@code a/} or {@code b/}. */
    private String name() throws DiffException {
        var name = text().substring("--- ".length()).split("\t", 2)[0];
        if (name.startsWith("\"")) {
            throw bad("a quoted file name; make the diff with git -c core.quotePath=false diff");
        }
        if (!name.equals(NO_FILE) && !name.matches("[^/]+/.+")) {
            throw bad("a file name without a/ or b/: " + name);
        }
        return name.equals(NO_FILE) ? name : name.substring(name.indexOf('/') + 1);
    }

    private Hunk hunk(int first) throws DiffException {
        var match = HUNK.matcher(text());
        match.find();
        var header = match.group();
        int oldLines = count(match.group(2));
        int newLines = count(match.group(4));
        int oldPosition = position(match.group(1), oldLines);
        if (oldPosition < first) {
            throw bad(header + " starts before line " + (first + 1) + ", where it may");
        }
        int newPosition = position(match.group(3), newLines);
        next++;

        var edits = new ArrayList<Edit>();
        while (oldLines > 0 || newLines > 0) {
            if (atEnd()) {
                throw bad(header + " is cut short");
            }
            var edit = edit(header);
            oldLines -= edit.kind() == Kind.ADDED ? 0 : 1;
            newLines -= edit.kind() == Kind.REMOVED ? 0 : 1;
            if (oldLines < 0 || newLines < 0) {
                throw bad("a line more than " + header + " counts");
            }
            edits.add(edit);
            next++;
            if (!atEnd() && text().startsWith("\\ ")) {
                edits.set(edits.size() - 1, new Edit(edit.kind(), new Line(edit.line().text(), "")));
                next++;
            }
        }
        var hunk = Hunk.of(header, oldPosition, newPosition, edits);
        if (hunk.changesNothing()) {
            throw bad(header + " changes nothing");
        }
        if (hunk.losesNewlineInTheMiddle()) {
            throw bad(header + " has a line without a newline in its middle");
        }
        return hunk;
    }

    private Edit edit(String header) throws DiffException {
        var text = text();
        if (text.isEmpty()) { // an empty line of context whose space an editor has trimmed; git takes it too
            return new Edit(Kind.CONTEXT, new Line("", "\n"));
        }
        var line = new Line(text.substring(1), "\n");
        return switch (text.charAt(0)) {
            case ' ' -> new Edit(Kind.CONTEXT, line);
            case '-' -> new Edit(Kind.REMOVED, line);
            case '+' -> new Edit(Kind.ADDED, line);
            default -> throw bad(header + " is cut short");
        };
    }

    private static int count(String number) {
        return number == null ? 1 : Integer.parseInt(number);
    }

    /** Counted from 0. A header counts lines from 1; where its side has no lines, it names the line before. */
    private int position(String start, int lines) throws DiffException {
        int position = Integer.parseInt(start) - (lines == 0 ? 0 : 1);
        if (position < 0) {
            throw bad("lines are counted from 1");
        }
        return position;
    }

    private void requireHunks(boolean found) throws DiffException {
        if (!found) {
            throw bad("a file without a hunk before this line");
        }
    }

    private boolean atEnd() {
        return next == lines.size();
    }

    private String text() {
        return lines.get(next).text();
    }

    private DiffException bad(String what) {
        return new DiffException("line " + (Math.min(next, lines.size() - 1) + 1) + ": " + what);
    }
}
