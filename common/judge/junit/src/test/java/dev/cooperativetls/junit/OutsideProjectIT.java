package dev.cooperativetls.junit;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Builds a project outside this repository that uses the annotation. The module is installed first, as the README
 * describes. It goes into a separate local repository, which has links to everything else in the user's repository.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OutsideProjectIT {

    private static final Pattern HOLD =
            Pattern.compile("longest first:\\s+\\d+ ms +(?<kind>\\w+) +(?<place>[^\\s,]+)");
    private static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();

    /** Not a temporary folder of JUnit, because JUnit would warn of each link. */
    private static final Path FOLDER = Path.of("target/outside-project").toAbsolutePath();
    private static final Path REPOSITORY = FOLDER.resolve("repository");

    @BeforeAll
    static void install_this_repository() throws Exception {
        bash(ROOT, "rm -rf '%s'".formatted(FOLDER));
        Files.createDirectories(REPOSITORY);
        Path users = Path.of(System.getProperty("maven.repo.local"));
        link(users, REPOSITORY, "dev");
        link(users.resolve("dev"), Files.createDirectory(REPOSITORY.resolve("dev")), "cooperativetls");
        Path tree = Files.createDirectory(FOLDER.resolve("tree"));
        bash(ROOT, "tar --exclude=./.git --exclude=target --create . | tar -x --directory '%s'"
                .formatted(tree));
        String installed = maven(tree, "install -DskipTests --projects common/judge/junit --also-make");
        assertThat(installed).contains("BUILD SUCCESS");
    }

    private static void link(Path from, Path to, String except) throws IOException {
        if (!Files.isDirectory(from)) {
            return; // no artifact of these groups is in the user's repository
        }
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.filter(one -> !one.endsWith(except)).toList()) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }

    @ParameterizedTest(name = "JUnit {0}, parallel: {1}")
    @CsvSource({"5.13.4, false", "5.13.4, true", "${junit.version}, false", "${junit.version}, true"})
    void each_test_has_its_outcome(String junit, boolean parallel) throws Exception {
        Path project = Files.createDirectory(FOLDER.resolve("project-%s-%s".formatted(
                junit.replaceAll("\\W", "-"), parallel)));
        bash(Path.of("src/test/outside-project").toAbsolutePath(), "cp -r . '%s'".formatted(project));
        Path main = Files.createDirectories(project.resolve("src/main/java/com/acme"));
        Files.writeString(main.resolve("Native.java"),
                Files.readString(Path.of("src/test/java/dev/cooperativetls/junit/Blocking.java"))
                        .replace("package dev.cooperativetls.junit", "package com.acme").replace("Blocking", "Native"));

        String command = "test -Dtests.parallel=%s -Djunit.version=%s%s".formatted(parallel,
                junit.startsWith("$") ? System.getProperty("junit.version") : junit,
                Stream.of("cooperative-tls", "okhttp", "sqlite-jdbc", "maven-compiler-plugin", "maven-surefire-plugin")
                        .map(name -> " -D%s.version=%s".formatted(name, System.getProperty(name + ".version")))
                        .reduce("", String::concat));
        Path reports = project.resolve("target/surefire-reports");
        String output = maven(project, command);
        for (int again = 0; again < 2
                && CarrierExtensionTest.isMachineTooBusy(messages(reports).values().stream()); again++) {
            output = maven(project, command);
        }

        assertThat(output).contains("Tests run:");
        if (junit.startsWith("$") && !parallel) {
            assertReadme(project);
        }
        assertThat(outcomes(reports)).as(output)
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        entry("a_wait_in_native_code", "native com.acme.Native.poll"),
                        entry("a_park_below_a_native_frame", "pinned com.acme.Native.parkUnderQsort"),
                        entry("a_class_initialiser", "pinned com.acme.DriverTest$Configuration.<clinit>"),
                        entry("a_spin", "computing com.acme.Native.spin"),
                        entry("a_long_statement_of_sqlite", "computing org.sqlite.core.NativeDB.step"),
                        entry("a_platform_thread_that_waits_in_native_code", "passed"),
                        entry("ten_requests_of_okhttp", "passed"),
                        entry("a_known_wait_in_native_code", "passed"),
                        entry("a_repeated_sleep[1]", "passed"),
                        entry("a_repeated_sleep[2]", "passed"),
                        entry("a_parameterized_wait_in_native_code[1]", "native com.acme.Native.poll"),
                        entry("a_parameterized_wait_in_native_code[2]", "native com.acme.Native.poll"),
                        entry("readers_wait_together", "passed"),
                        entry("the_old_reader_waits_in_native_code", "passed"),
                        entry("only_the_old_reader_does", "passed"),
                        entry("waits_in_native_code_and_is_not_judged", "passed"),
                        entry("fails_for_another_reason", "another reason"))));
    }

    /** Asserts that the README's example is a class of the project, and that its messages are those of the tests. */
    private static void assertReadme(Path project) throws Exception {
        Readme.assertShows("ReaderTest.java", "```java\n%s```\n".formatted(
                Files.readString(project.resolve("src/test/java/com/acme/ReaderTest.java"))));
        Map<String, String> messages = messages(project.resolve("target/surefire-reports"));
        for (String test : List.of("a_wait_in_native_code", "a_class_initialiser", "a_long_statement_of_sqlite")) {
            Readme.assertShows(test, "```text\n%s\n```\n".formatted(
                    messages.get(test).replace(project + "/", "")));
        }
    }

    /** Returns the outcome of each test: {@code passed}, or the kind and the place of the hold, or the message. */
    private static Map<String, String> outcomes(Path reports) throws Exception {
        Map<String, String> outcomes = messages(reports);
        outcomes.replaceAll((_, message) -> {
            Matcher hold = HOLD.matcher(message);
            return hold.find() ? hold.group("kind") + " " + hold.group("place") : message;
        });
        return outcomes;
    }

    /** Returns the message of each test; {@code passed} if it passed. */
    private static Map<String, String> messages(Path reports) throws Exception {
        Map<String, String> messages = new TreeMap<>();
        try (Stream<Path> files = Files.list(reports)) {
            for (Path file : files.filter(one -> one.toString().endsWith(".xml")).toList()) {
                NodeList cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile())
                        .getElementsByTagName("testcase");
                for (int i = 0; i < cases.getLength(); i++) {
                    Element test = (Element) cases.item(i);
                    String ended = "passed";
                    for (String way : List.of("failure", "error", "skipped")) {
                        if (test.getElementsByTagName(way).getLength() > 0) {
                            ended = ((Element) test.getElementsByTagName(way).item(0)).getAttribute("message");
                        }
                    }
                    messages.put(test.getAttribute("name").replaceAll("\\(.*?\\)|\\{.*?}", ""), ended);
                }
            }
        }
        return messages;
    }

    private static String maven(Path folder, String arguments) throws IOException, InterruptedException {
        return bash(folder,
                "mvn --batch-mode -Dmaven.repo.local='%s' %s || true".formatted(REPOSITORY, arguments));
    }

    private static String bash(Path folder, String commands) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", "-ec", commands).directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
