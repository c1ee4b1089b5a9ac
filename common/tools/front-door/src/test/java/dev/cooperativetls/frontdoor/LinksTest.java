package dev.cooperativetls.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Follows each relative link of each text in the repository. The file, heading or line must exist. Links to other sites
 * are not followed.
 */
class LinksTest {

    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");
    private static final Pattern LINK =
            Pattern.compile("\\[(?<label>[^\\]]*)\\]\\((?<target>[^)\\s]+)\\)|(?:src|srcset|href)=\"(?<html>[^\"]+)\"");
    private static final Pattern LINES = Pattern.compile("L(?<first>\\d+)(-L(?<last>\\d+))?");
    /** A label that names code, such as {@code `Poll.await`}. The line must contain the last name. */
    private static final Pattern NAME = Pattern.compile("`(\\w+\\.)*(?<name>\\w+)(\\(\\))?`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(?<text>.*)$");

    @ParameterizedTest
    @MethodSource("texts")
    void each_link_of_a_text_leads_somewhere(Path text) throws IOException {
        assertThat(brokenLinks(RunStagesScript.ROOT.resolve(text))).as("links of %s", text).isEmpty();
    }

    @Test
    void texts_of_every_depth_are_found() throws IOException {
        assertThat(texts()).contains(Path.of("README.md"), Path.of("stage-00/README.md"), Path.of("docs/scale.md"),
                Path.of("common/tools/front-door/README.md"));
    }

    @Test
    void a_broken_link_is_found(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("Code.java"), "class Code {\n    void run() {}\n}\n");
        Files.createDirectories(folder.resolve("module"));
        Files.writeString(folder.resolve("module/README.md"),
                "# Module\n## What `it` *does*, and why\n## Twice\n## Twice\n");
        Path text = Files.writeString(folder.resolve("README.md"), """
                # Title
                [1](module) [2](module/README.md) [3](#title) [4](module#what-it-does-and-why) [5](module#twice-1)
                [6](Code.java#L3) [`Code.run`](Code.java#L2) [`run()`](Code.java#L2-L3)
                [7](https://example.org/none#none)
                <img src="Code.java">
                ```
                [8](in-a-code-block.md)
                ```
                [a](none.md) [b](#none) [c](module#none) [d](Code.java#L4) [e](Code.java#L1-L4)
                [`Code.run`](Code.java#L1)
                [f
                g](none) <source srcset="none.svg"> [h](.#title-1)
                """);

        assertThat(brokenLinks(text)).containsExactly(
                "none.md: no such file",
                "#none: no such heading",
                "module#none: no such heading",
                "Code.java#L4: the file has 3 lines",
                "Code.java#L1-L4: the file has 3 lines",
                "Code.java#L1: the line does not contain run",
                "none: no such file",
                "none.svg: no such file",
                ".#title-1: no such heading");
    }

    /** Returns the texts of the repository, except those in folders that builds create, because they may change. */
    static List<Path> texts() throws IOException {
        List<Path> texts = new ArrayList<>();
        Files.walkFileTree(RunStagesScript.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                String name = folder.getFileName().toString();
                boolean skipped = name.equals("target")
                        || name.startsWith(".") && !folder.equals(RunStagesScript.ROOT);
                return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    texts.add(RunStagesScript.ROOT.relativize(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return texts;
    }

    private static List<String> brokenLinks(Path text) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher links = LINK.matcher(prose(text));
        while (links.find()) {
            boolean markdown = links.group("target") != null;
            String target = links.group(markdown ? "target" : "html");
            if (!target.matches("[a-z]+:.*")) {
                problem(text, target, markdown ? links.group("label") : "").ifPresent(
                        problem -> broken.add(target + ": " + problem));
            }
        }
        return broken;
    }

    private static Optional<String> problem(Path text, String target, String label) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? text : text.resolveSibling(parts[0]).normalize();
        if (!Files.exists(file)) {
            return Optional.of("no such file");
        }
        if (parts.length == 1) {
            return Optional.empty();
        }
        Matcher lines = LINES.matcher(parts[1]);
        if (lines.matches()) {
            return lineProblem(Files.readAllLines(file), lines, label);
        }
        Path page = Files.isDirectory(file) ? file.resolve("README.md") : file;
        return Files.exists(page) && anchors(page).contains(parts[1])
                ? Optional.empty() : Optional.of("no such heading");
    }

    private static Optional<String> lineProblem(List<String> file, Matcher lines, String label) {
        int first = Integer.parseInt(lines.group("first"));
        int last = lines.group("last") == null ? first : Integer.parseInt(lines.group("last"));
        if (last > file.size()) {
            return Optional.of("the file has %s lines".formatted(file.size()));
        }
        Matcher name = NAME.matcher(label);
        return name.matches() && !file.get(first - 1).contains(name.group("name"))
                ? Optional.of("the line does not contain " + name.group("name")) : Optional.empty();
    }

    /** Returns the anchors that GitHub creates for a page's headings. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        Matcher headings = HEADING.matcher(prose(page));
        while (headings.find()) {
            String anchor = headings.group("text").replaceAll("\\[(.*?)\\]\\(.*?\\)", "$1").strip()
                    .toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-');
            String unique = anchor;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
            }
        }
        return anchors;
    }

    private static String prose(Path text) throws IOException {
        return CODE_BLOCK.matcher(Files.readString(text)).replaceAll("");
    }
}
