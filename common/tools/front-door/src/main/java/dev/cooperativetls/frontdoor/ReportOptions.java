package dev.cooperativetls.frontdoor;

import dev.cooperativetls.events.FileProblem;
import dev.cooperativetls.report.HtmlReport;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that save results, and draw them. */
final class ReportOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file.")
    private Path json;

    @Option(names = "--report", paramLabel = "DIR",
            description = "Also draw the results as a page: DIR/index.html.")
    private Path report;

    @Option(names = "--render", paramLabel = "FILE", description = "Run nothing, and draw the results that --json or"
            + " --report saved, into the DIR of --report or else beside FILE.")
    private Path render;

    void check(Requirement line) {
        if (json != null) {
            line.requireNone(FileProblem.ofWriting("--json", json));
        }
        if (report != null) {
            line.requireNone(FileProblem.ofWritingInto("--report", report));
        }
    }

    boolean draws() {
        return report != null;
    }

    boolean rendersOnly() {
        return render != null;
    }

    /** Saves and draws what was asked for. */
    void write(List<RunResult> runs, OutputFiles files) {
        if (json != null) {
            files.write("--json", json, file -> ResultsFile.write(file, runs));
        }
        if (report != null) {
            boolean saved = files.write("--report", report, folder -> {
                Files.createDirectories(folder);
                ResultsFile.write(folder.resolve("results.json"), runs);
            });
            if (saved) {
                draw(runs, "--report", report, files);
            }
        }
    }

    /** Draws the results that were saved. */
    void render(List<RunResult> saved, OutputFiles files) {
        if (report == null) {
            draw(saved, "--render", render.toAbsolutePath().getParent(), files);
        } else {
            draw(saved, "--report", report, files);
        }
    }

    /** Returns the results that were saved. */
    List<RunResult> saved(Requirement line) {
        try {
            return ResultsFile.read(render);
        } catch (IllegalArgumentException _) {
            line.require(false, () -> "--render %s does not hold results: give a file of --json or --report"
                    .formatted(render));
        } catch (IOException e) {
            line.require(false, () -> FileProblem.notRead("--render", render, e));
        }
        throw new AssertionError("was refused");
    }

    private static void draw(List<RunResult> runs, String option, Path folder, OutputFiles files) {
        Path page = folder.resolve("index.html");
        boolean written = files.write(option, page, file -> {
            Files.createDirectories(folder);
            Files.writeString(file, HtmlReport.of(runs));
        });
        if (written) {
            System.err.println("Report: " + page);
        }
    }
}
