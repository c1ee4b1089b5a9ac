package dev.cooperativetls.frontdoor.stages;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.events.TextTable;
import dev.cooperativetls.frontdoor.FrontDoor;
import dev.cooperativetls.frontdoor.OutputFiles;
import dev.cooperativetls.frontdoor.Requirement;
import dev.cooperativetls.report.Comparison;
import dev.cooperativetls.report.HtmlReport;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that save, draw and compare results. */
final class ReportOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file, as JSON.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR",
            description = "Also draw the results as a page, DIR/index.html, and write them to DIR/results.json.")
    private Path report;

    @Option(names = "--render", paramLabel = "FILE", description = "Run nothing, and draw the results that --json or"
            + " --report saved in FILE. The page goes into the DIR of --report (default: the folder of FILE).")
    private Path render;

    @Option(names = "--compare", paramLabel = "FILE", description = "Also show what has changed since the results that"
            + " --json or --report saved in FILE. Exit with 1 if a verdict has changed. With --render, compare two"
            + " files.")
    private Path compare;

    private RunResults earlier;

    /** Checks that the files can be read and written, and reads the earlier results. */
    void check(Requirement line) {
        if (json != null) {
            line.requireNone(FileProblem.ofWriting("--json", json));
        }
        if (report != null) {
            line.requireNone(FileProblem.ofWritingInto("--report", report));
        }
        if (compare != null) {
            earlier = read(line, "--compare", compare);
        }
    }

    boolean draws() {
        return report != null;
    }

    boolean rendersOnly() {
        return render != null;
    }

    /**
     * Saves and draws the results, and prints what has changed.
     *
     * @return the exit code of the comparison; 0 if there is none
     */
    int write(RunResults results, OutputFiles files) {
        Comparison comparison = compared(results);
        if (json != null) {
            files.write("--json", json, file -> ResultsFile.write(file, results));
        }
        if (report != null) {
            boolean saved = files.write("--report", report, folder -> {
                Files.createDirectories(folder);
                ResultsFile.write(folder.resolve("results.json"), results);
            });
            if (saved) {
                draw(results, comparison, "--report", report, files);
            }
        }
        return exitCode(comparison);
    }

    /**
     * Draws saved results, and prints what has changed.
     *
     * @return the exit code of the comparison; 0 if there is none
     */
    int render(RunResults saved, OutputFiles files) {
        Comparison comparison = compared(saved);
        if (report == null) {
            draw(saved, comparison, "--render", render.toAbsolutePath().getParent(), files);
        } else {
            draw(saved, comparison, "--report", report, files);
        }
        return exitCode(comparison);
    }

    /** Reads the results that are to be drawn again. */
    RunResults saved(Requirement line) {
        return read(line, "--render", render);
    }

    private static int exitCode(Comparison comparison) {
        if (comparison == null) {
            return 0;
        }
        return comparison.compared() == 0 ? FrontDoor.NO_VERDICT : comparison.verdictChanged() ? 1 : 0;
    }

    /** Prints what has changed. Returns the comparison; null if there are no earlier results. */
    private Comparison compared(RunResults results) {
        if (earlier == null) {
            return null;
        }
        Comparison comparison = Comparison.of(compare.toString(), earlier, results);
        System.out.printf("%n%s%n", comparison.summary());
        if (!comparison.changes().isEmpty()) {
            var table = new TextTable(Comparison.COLUMNS, Set.of());
            comparison.changes().forEach(change -> table.row(change.texts().toArray(String[]::new)));
            System.out.print(table.lines());
        }
        comparison.notes().forEach(System.out::println);
        return comparison;
    }

    private static RunResults read(Requirement line, String option, Path file) {
        try {
            return ResultsFile.read(file);
        } catch (IllegalArgumentException e) {
            line.require(false, () -> "%s %s %s".formatted(option, file, e.getMessage()));
        } catch (IOException e) {
            line.require(false, () -> FileProblem.notRead(option, file, e));
        }
        throw new AssertionError("was refused");
    }

    private static void draw(RunResults results, Comparison comparison, String option, Path folder, OutputFiles files) {
        Path page = folder.resolve("index.html");
        boolean written = files.write(option, page, file -> {
            Files.createDirectories(folder);
            Files.writeString(file, HtmlReport.of(results, comparison));
        });
        if (written) {
            System.err.println("Report: " + page);
        }
    }
}
