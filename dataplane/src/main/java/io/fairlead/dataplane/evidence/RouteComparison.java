package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.netlink.route.ForwardingEntry;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.Neighbour;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RoutingRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what operations would change among links, addresses, routes, neighbours and forwarding
 * entries, in the words of ip and bridge. Pure but for what was read.
 */
public final class RouteComparison {

  private static final Pattern DEVICE = Pattern.compile("\\b(dev|master) (\\d+)\\b");

  private final RecordingRoutes kernel;
  private final Comparison.Builder result = new Comparison.Builder();
  private final Set<RouteEntry> wrong = new HashSet<>();

  private RouteComparison(RecordingRoutes kernel) {
    this.kernel = kernel;
  }

  /**
   * Of what was read and would be changed through {@code kernel}.
   *
   * @param ours of the entries that were read, and of the links; those of them that are not changed
   *     count as right
   */
  public static Comparison of(RecordingRoutes kernel, Ours ours) {
    return new RouteComparison(kernel).compare(ours);
  }

  /** Tells what is compared from what only was read beside it. */
  public interface Ours {
    boolean entry(RouteEntry entry);

    /** The links that are compared. */
    List<Link> links();

    /** Whether an operation makes a difference; that is so unless somebody knows better. */
    default boolean concerns(RouteOperation operation) {
      return true;
    }
  }

  private Comparison compare(Ours ours) {
    Set<String> wrongLinks = new HashSet<>();
    List<RouteOperation> operations = kernel.operations().stream().filter(ours::concerns).toList();
    for (RouteOperation operation : operations) {
      switch (operation) {
        case RouteOperation.Add(RouteEntry entry) -> put(entry);
        case RouteOperation.Replace(RouteEntry entry) -> put(entry);
        case RouteOperation.Delete(RouteEntry entry) -> {
          wrong.add(entry);
          result.add(Difference.extra(place(entry), text(entry)));
        }
        case RouteOperation.AddLink add -> wrongLinks.add(add(add));
        case RouteOperation.ChangeLink(LinkSelector selector, var settings) ->
            wrongLinks.add(change(selector, settings.toString().strip()));
        case RouteOperation.ChangeLinkKind(LinkSelector selector, LinkKind kind) ->
            wrongLinks.add(change(selector, "type " + kind));
        case RouteOperation.DeleteLink(LinkSelector selector) ->
            wrongLinks.add(delete(selector, operations));
        case RouteOperation.SetBridgePort(LinkSelector selector, var settings) ->
            wrongLinks.add(change(selector, "bridge port" + settings));
        case RouteOperation.SetTokenBucket(int index, var bucket) ->
            result.add(Difference.different("queue of " + name(index), bucket.toString(), ""));
        case RouteOperation.AddIngress(int index) ->
            result.add(Difference.missing("queue of " + name(index), "ingress"));
        case RouteOperation.DeleteIngress(int index) ->
            result.add(Difference.extra("queue of " + name(index), "ingress"));
        case RouteOperation.AddRedirect(int index, int target) ->
            result.add(
                Difference.missing("queue of " + name(index), "redirect to " + name(target)));
        case RouteOperation.AddVethPair _, RouteOperation.DeleteLinkGroup _ ->
            result.add(Difference.different("links", operation.toString(), ""));
      }
    }
    for (RouteEntry entry : kernel.found()) {
      if (!wrong.contains(entry) && ours.entry(entry)) {
        result.right(plural(entry), 1);
      }
    }
    for (Link link : ours.links()) {
      result.right("links", wrongLinks.contains(link.name()) ? 0 : 1);
    }
    return result.build();
  }

  private void put(RouteEntry wanted) {
    RouteEntry present = inPlaceOf(wanted);
    if (present == null) {
      result.add(Difference.missing(place(wanted), text(wanted)));
    } else {
      wrong.add(present);
      result.add(Difference.different(place(wanted), text(wanted), text(present)));
    }
  }

  private @Nullable RouteEntry inPlaceOf(RouteEntry wanted) {
    for (RouteEntry entry : kernel.found()) {
      boolean same =
          switch (wanted) {
            case Route route -> entry instanceof Route other && other.isSamePlace(route);
            case Neighbour neighbour ->
                entry instanceof Neighbour other && other.isSamePlace(neighbour);
            case ForwardingEntry forwarding ->
                entry instanceof ForwardingEntry other && other.isSamePlace(forwarding);
            case LinkAddress address ->
                entry instanceof LinkAddress other && other.isSamePlace(address);
            case RoutingRule _ -> false;
          };
      if (same) {
        return entry;
      }
    }
    return null;
  }

  private String add(RouteOperation.AddLink add) {
    Link there = kernel.seen(add.name());
    String wanted = named(add.name() + add.settings() + " type " + add.kind());
    result.add(
        there == null
            ? Difference.missing("links", wanted)
            : Difference.different("links", wanted, text(there)));
    return add.name();
  }

  private String change(LinkSelector selector, String settings) {
    Link there = seen(selector);
    String name = there == null ? selector.toString() : there.name();
    if (there != null && kernel.seen(there.name()) != null) {
      result.add(Difference.different("links", named(name + " " + settings), text(there)));
    }
    return name; // What would be new is missing, however it would be made.
  }

  /** One that makes room for another of its name is told of as different. */
  private String delete(LinkSelector selector, List<RouteOperation> operations) {
    Link there = seen(selector);
    if (there == null) {
      return selector.toString();
    }
    boolean replaced =
        operations.stream()
            .anyMatch(other ->
                other instanceof RouteOperation.AddLink add && add.name().equals(there.name()));
    if (!replaced) {
      result.add(Difference.extra("links", text(there)));
    }
    return there.name();
  }

  private @Nullable Link seen(LinkSelector selector) {
    return switch (selector) {
      case LinkSelector.ByIndex(int index) -> kernel.seen(index);
      case LinkSelector.ByName(String name) -> kernel.seen(name);
    };
  }

  private String name(int index) {
    Link link = kernel.seen(index);
    return link == null ? Integer.toString(index) : link.name();
  }

  /** With the names of links in place of their numbers. */
  private String named(String text) {
    Matcher matcher = DEVICE.matcher(text);
    StringBuilder named = new StringBuilder();
    while (matcher.find()) {
      String name = name(Integer.parseInt(matcher.group(2)));
      matcher.appendReplacement(named, Matcher.quoteReplacement(matcher.group(1) + " " + name));
    }
    return matcher.appendTail(named).toString();
  }

  private String text(Link link) {
    List<String> words = new ArrayList<>(List.of(link.toString().split(" ", -1)));
    return named(String.join(" ", words.subList(2, words.size())));
  }

  private String text(RouteEntry entry) {
    String text = entry.toString();
    return named(text.substring(text.indexOf(' ') + 1));
  }

  private String place(RouteEntry entry) {
    return switch (entry) {
      case Route route -> "table " + table(route.table());
      case Neighbour neighbour -> "neighbours of " + name(neighbour.linkIndex());
      case ForwardingEntry forwarding -> "forwarding of " + name(forwarding.linkIndex());
      case LinkAddress address -> "addresses of " + name(address.linkIndex());
      case RoutingRule _ -> "routing rules";
    };
  }

  private static String table(int table) {
    return switch (table) {
      case Route.TABLE_MAIN -> "main";
      case Route.TABLE_LOCAL -> "local";
      default -> Integer.toString(table);
    };
  }

  private static String plural(RouteEntry entry) {
    return switch (entry) {
      case Route _ -> "routes";
      case Neighbour _ -> "neighbours";
      case ForwardingEntry _ -> "forwarding entries";
      case LinkAddress _ -> "addresses";
      case RoutingRule _ -> "routing rules";
    };
  }
}
