package dev.cooperativetls.fetch;

import dev.cooperativetls.events.Event;
import dev.cooperativetls.events.Step;
import dev.cooperativetls.events.TextTable;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

/** The HTTP clients on the class path: the services of {@link PageClient}. */
final class PageClients {

    private PageClients() {}

    /**
     * Returns a new client.
     *
     * @param name the name of a service, or the name of a class on the class path
     * @throws IllegalArgumentException if there is no such client; the message lists the names
     */
    static PageClient create(String name) {
        for (PageClient client : ServiceLoader.load(PageClient.class)) {
            if (client.name().equals(name)) {
                return client;
            }
        }
        try {
            return Class.forName(name).asSubclass(PageClient.class).getConstructor().newInstance();
        } catch (ClassNotFoundException _) {
            throw new IllegalArgumentException("no HTTP client '" + name + "': the class path has " + names()
                    + "; or give the name of a class that implements " + PageClient.class.getName());
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException("the class " + name + " is not a usable HTTP client: it must implement "
                    + PageClient.class.getName() + " and have a public constructor without parameters", e);
        }
    }

    private static String names() {
        return all().stream().map(PageClient::name).collect(Collectors.joining(", "));
    }

    private static List<PageClient> all() {
        return ServiceLoader.load(PageClient.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(PageClient::name)).toList();
    }

    /** Returns the clients as events. */
    static List<Event> events() {
        return all().stream()
                .<Event>map(client -> new Event.Client(client.name(), client.httpVersions().stream().sorted().toList()))
                .toList();
    }

    /** Returns a table of the clients. */
    static String table() {
        var table = new TextTable(List.of("client", "over TLS", "cannot report"), Set.of());
        for (PageClient client : all()) {
            Set<Step> unreported = client.unreported().isEmpty() ? Set.of() : EnumSet.copyOf(client.unreported());
            table.row(client.name(), client.httpVersions().stream().sorted().collect(Collectors.joining(", ")),
                    unreported.isEmpty() ? "-" : unreported.stream()
                            .map(step -> step.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                            .collect(Collectors.joining(", ")));
        }
        return table.lines();
    }
}
