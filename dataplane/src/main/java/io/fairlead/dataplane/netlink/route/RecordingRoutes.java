package io.fairlead.dataplane.netlink.route;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads from another kernel and changes nothing there: what would be applied is remembered instead.
 * What is read afterwards shows links as they would be, since what follows stands on them; one that
 * would be new has a number that no other link has. It does not show entries. Not thread-safe.
 */
public final class RecordingRoutes implements RouteKernel {

  /** The numbers of links that are not there; the kernel counts from 1. */
  private static final int FIRST_NEW = 0x40000000;

  private final RouteKernel kernel;
  private final List<RouteOperation> operations = new ArrayList<>();
  private final Set<RouteEntry> found = new LinkedHashSet<>();
  private final Map<Integer, Link> foundLinks = new LinkedHashMap<>();

  /** Links as they would be. */
  private final Map<Integer, Link> changed = new LinkedHashMap<>();

  private final Set<Integer> deleted = new LinkedHashSet<>();
  private int next = FIRST_NEW;

  /** Nothing is recorded yet. The caller keeps {@code kernel}. */
  public RecordingRoutes(RouteKernel kernel) {
    this.kernel = kernel;
  }

  /** What would have been applied, in order. */
  public List<RouteOperation> operations() {
    return List.copyOf(operations);
  }

  /** The entries that were read, whoever's they are. */
  public Set<RouteEntry> found() {
    return Set.copyOf(found);
  }

  /** The link of that number as the kernel has it, or as it would be if it is new, or null. */
  public @Nullable Link seen(int index) {
    Link there = foundLinks.get(index);
    return there != null ? there : changed.get(index);
  }

  /** The link of that name as the kernel has it, if it was read. */
  public @Nullable Link seen(String name) {
    for (Link link : foundLinks.values()) {
      if (link.name().equals(name)) {
        return link;
      }
    }
    return null;
  }

  private @Nullable Link now(@Nullable Link link) {
    if (link == null) {
      return null;
    }
    foundLinks.putIfAbsent(link.index(), link);
    return deleted.contains(link.index())
        ? null
        : Objects.requireNonNullElse(changed.get(link.index()), link);
  }

  /** As the kernel would answer now: nothing recorded counts. */
  @Override
  public RouteAnswer lookup(RouteLookup packet) throws IOException {
    return kernel.lookup(packet);
  }

  @Override
  public List<Link> links() throws IOException {
    List<Link> links = new ArrayList<>();
    for (Link link : kernel.links()) {
      Link now = now(link);
      if (now != null) {
        links.add(now);
      }
    }
    changed.values().stream().filter(link -> isNew(link.index())).forEach(links::add);
    return links;
  }

  @Override
  public @Nullable Link link(String name) throws IOException {
    for (Link link : changed.values()) {
      if (isNew(link.index()) && link.name().equals(name)) {
        return link;
      }
    }
    return now(kernel.link(name));
  }

  @Override
  public @Nullable Link link(int index) throws IOException {
    return isNew(index) ? changed.get(index) : now(kernel.link(index));
  }

  private static boolean isNew(int index) {
    return index >= FIRST_NEW;
  }

  private <T extends RouteEntry> List<T> note(List<T> entries) {
    found.addAll(entries);
    return entries;
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) throws IOException {
    return isNew(linkIndex) ? List.of() : note(kernel.addresses(linkIndex));
  }

  @Override
  public List<Route> routes(RouteFilter filter) throws IOException {
    return note(kernel.routes(filter));
  }

  @Override
  public List<RoutingRule> rules() throws IOException {
    return note(kernel.rules());
  }

  @Override
  public List<Neighbour> neighbours(int linkIndex) throws IOException {
    return isNew(linkIndex) ? List.of() : note(kernel.neighbours(linkIndex));
  }

  @Override
  public List<ForwardingEntry> forwardingEntries(int linkIndex) throws IOException {
    return isNew(linkIndex) ? List.of() : note(kernel.forwardingEntries(linkIndex));
  }

  @Override
  public List<BridgePort> bridgePorts() throws IOException {
    return kernel.bridgePorts();
  }

  @Override
  public List<QueueDiscipline> queueDisciplines() throws IOException {
    return kernel.queueDisciplines();
  }

  @Override
  public List<Failure> apply(List<? extends RouteOperation> some) throws IOException {
    for (RouteOperation operation : some) {
      operations.add(operation);
      if (operation instanceof RouteOperation.AddLink(String name, LinkKind kind, var settings)) {
        Link empty = new Link(next++, name, null, 0, 0, 0, 0, -1, "", kind);
        changed.put(empty.index(), with(empty, settings));
      } else if (operation instanceof RouteOperation.ChangeLink(var selector, var settings)) {
        change(selector, settings);
      } else if (operation instanceof RouteOperation.DeleteLink(var selector)) {
        Link link = select(selector);
        if (link != null) {
          changed.remove(link.index());
          deleted.add(link.index());
        }
      }
    }
    return List.of();
  }

  private @Nullable Link select(LinkSelector selector) throws IOException {
    return switch (selector) {
      case LinkSelector.ByIndex(int index) -> link(index);
      case LinkSelector.ByName(String name) -> link(name);
    };
  }

  private void change(LinkSelector selector, LinkSettings settings) throws IOException {
    Link link = select(selector);
    if (link != null) {
      changed.put(link.index(), with(link, settings));
    }
  }

  private static Link with(Link link, LinkSettings settings) {
    Boolean up = settings.up();
    int flags = link.flags();
    if (up != null) {
      flags = up ? flags | RouteConstants.IFF_UP : flags & ~RouteConstants.IFF_UP;
    }
    return new Link(
        link.index(),
        Objects.requireNonNullElse(settings.name(), link.name()),
        settings.mac() == null ? link.mac() : settings.mac(),
        Objects.requireNonNullElse(settings.mtu(), link.mtu()),
        flags,
        Objects.requireNonNullElse(settings.masterIndex(), link.masterIndex()),
        link.parentIndex(),
        link.parentNamespace(),
        Objects.requireNonNullElse(settings.alias(), link.alias()),
        link.kind());
  }

  /** Leaves the other kernel open. */
  @Override
  public void close() {}
}
