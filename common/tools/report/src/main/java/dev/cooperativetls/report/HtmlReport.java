package dev.cooperativetls.report;

import freemarker.core.HTMLOutputFormat;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Results as one HTML page: the verdict table, and for each run its waterfall, its culprit, its profile, its class
 * path, and how it was run. The page needs no network, no font and no script.
 */
public final class HtmlReport {

    private static final Configuration TEMPLATES = templates();

    private HtmlReport() {}

    /**
     * The names of the first columns of the verdict table, because not every run belongs to a stage.
     *
     * @param stage the name of the first column
     * @param installed the name of the second column
     * @param readCall the name of the third column
     * @param again the command that draws the page again; null if there is none
     */
    public record Words(String stage, String installed, String readCall, String again) {

        private static final Words OF_STAGES =
                new Words("stage", "installed", "read call", "run-stages --render results.json");
    }

    /** Returns the page, which must be written in UTF-8. All texts of the runs are escaped. */
    public static String of(RunResults results) {
        return of(results, null);
    }

    /**
     * Returns the same page with what has changed.
     *
     * @param comparison the comparison with earlier results; null if there is none
     */
    public static String of(RunResults results, Comparison comparison) {
        return of(results, Words.OF_STAGES, List.of(), comparison);
    }

    /**
     * Returns the same page with other names of the columns.
     *
     * @param notes lines to show below the verdict table
     */
    public static String of(RunResults results, Words words, List<String> notes) {
        return of(results, words, notes, null);
    }

    private static String of(RunResults results, Words words, List<String> notes, Comparison comparison) {
        try {
            Map<String, Object> model = new HashMap<>(Map.of("words", words, "notes", notes, "head", results.head(),
                    "runs", results.runs(), "stages", stages(results.runs())));
            if (comparison != null) {
                model.put("comparison", comparison);
                model.put("comparisonColumns", Comparison.COLUMNS);
            }
            return page("report.ftlh", model);
        } catch (TemplateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a page in the colours of this report. */
    static String page(String template, Map<String, Object> model) {
        StringWriter page = new StringWriter();
        Map<String, Object> all = new HashMap<>(model);
        all.put("dark", css(Theme.DARK));
        all.put("light", css(Theme.LIGHT));
        try {
            TEMPLATES.getTemplate(template).process(all, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (TemplateException e) {
            throw new IllegalStateException(e);
        }
        return page.toString();
    }

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_35);
        templates.setClassForTemplateLoading(HtmlReport.class, "");
        templates.setDefaultEncoding("UTF-8");
        templates.setLocale(Locale.ROOT);
        templates.setLocalizedLookup(false);
        templates.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        templates.setLogTemplateExceptions(false);
        return templates;
    }

    /** Returns the runs, grouped by stage. */
    private static List<Map<String, Object>> stages(List<RunResult> runs) throws TemplateException {
        record Stage(String name, String installed, String why) {}
        Map<Stage, List<Map<String, Object>>> stages = new LinkedHashMap<>();
        Set<String> ids = new HashSet<>();
        for (RunResult run : runs) {
            stages.computeIfAbsent(new Stage(run.stage(), run.installed(), run.why()), _ -> new ArrayList<>())
                    .add(run(run, id(run, ids)));
        }
        List<Map<String, Object>> sections = new ArrayList<>();
        stages.forEach((stage, ofStage) -> sections.add(Map.of(
                "name", stage.name,
                "installed", Objects.toString(stage.installed, ""),
                "why", Objects.toString(stage.why, ""),
                "runs", ofStage)));
        return sections;
    }

    private static Map<String, Object> run(RunResult run, String id) throws TemplateException {
        Waterfall waterfall = new Waterfall(run);
        return Map.of("result", run, "id", id, "stage", run.stage(), "step", waterfall.step(),
                "light", HTMLOutputFormat.INSTANCE.fromMarkup(waterfall.svg(Theme.LIGHT, id + "-light")),
                "dark", HTMLOutputFormat.INSTANCE.fromMarkup(waterfall.svg(Theme.DARK, id + "-dark")));
    }

    /** Returns a unique ID of the run, for links. */
    private static String id(RunResult run, Set<String> taken) {
        String id = (run.stage() + "-" + run.readCall()).replaceAll("[^A-Za-z0-9-]", "");
        String free = id;
        for (int i = 2; !taken.add(free); i++) {
            free = id + "-" + i;
        }
        return free;
    }

    private static Map<String, String> css(Theme theme) {
        return Map.of("background", css(theme.background()), "text", css(theme.text()), "rule", css(theme.rule()));
    }

    private static String css(int rgb) {
        return String.format(Locale.ROOT, "#%06x", rgb);
    }
}
