package dev.cooperativetls.frontdoor;

import dev.cooperativetls.report.HtmlReport;
import dev.cooperativetls.report.ResultsFile;
import dev.cooperativetls.report.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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
        line.require(json == null || Requirement.canBeWritten(json),
                () -> "--json %s cannot be written: give a file in a folder that exists".formatted(json));
        line.require(report == null || Files.isDirectory(report) && Files.isWritable(report)
                        || !Files.exists(report) && Files.isWritable(report.toAbsolutePath().getParent()),
                () -> "--report %s cannot be written: give a folder, or a new one in a folder that exists"
                        .formatted(report));
    }

    boolean draws() {
        return report != null;
    }

    boolean rendersOnly() {
        return render != null;
    }

    /** Saves and draws what was asked for. */
    void write(List<RunResult> runs) throws IOException {
        if (json != null) {
            ResultsFile.write(json, runs);
        }
        if (report != null) {
            Files.createDirectories(report);
            ResultsFile.write(report.resolve("results.json"), runs);
            draw(runs, report);
        }
    }

    /** Draws what was saved; the results. */
    List<RunResult> render(Requirement line) throws IOException {
        List<RunResult> runs = saved(line);
        Path folder = Objects.requireNonNullElse(report, render.toAbsolutePath().getParent());
        Files.createDirectories(folder);
        draw(runs, folder);
        return runs;
    }

    private List<RunResult> saved(Requirement line) {
        String problem;
        try {
            return ResultsFile.read(render);
        } catch (NoSuchFileException _) {
            problem = "is missing";
        } catch (IllegalArgumentException _) {
            problem = "does not hold results";
        } catch (IOException _) {
            problem = "cannot be read";
        }
        String why = problem;
        line.require(false, () -> "--render %s %s: give a file that --json or --report has written"
                .formatted(render, why));
        throw new AssertionError("was refused");
    }

    private static void draw(List<RunResult> runs, Path folder) throws IOException {
        Path page = folder.resolve("index.html");
        Files.writeString(page, HtmlReport.of(runs));
        System.err.println("Report: " + page);
    }
}
