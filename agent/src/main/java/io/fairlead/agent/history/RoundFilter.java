package io.fairlead.agent.history;

import io.fairlead.agent.config.DurationText;
import io.fairlead.agent.config.NearestMatch;
import io.fairlead.dataplane.model.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Chooses rounds by their age, by an object that changed, and by a subsystem that took part. */
public final class RoundFilter implements Predicate<Round> {

  /** What people call a kind, and what the kind is. */
  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("service", "Service"),
          Map.entry("svc", "Service"),
          Map.entry("endpointslice", "EndpointSlice"),
          Map.entry("node", "Node"),
          Map.entry("pod", "Pod"),
          Map.entry("namespace", "Namespace"),
          Map.entry("ns", "Namespace"),
          Map.entry("networkpolicy", "NetworkPolicy"),
          Map.entry("netpol", "NetworkPolicy"));

  private final long notBefore;
  private final @Nullable Wanted object;
  private final String subsystem;

  /** An object of a kind. */
  private record Wanted(String kind, ObjectKey key) {

    /** A Service's EndpointSlices belong to it. */
    boolean is(ObjectEvent event) {
      return (event.kind().equals(kind) && event.key().equals(key))
          || (kind.equals("Service") && key.equals(event.service()));
    }
  }

  private RoundFilter(long notBefore, @Nullable Wanted object, String subsystem) {
    this.notBefore = notBefore;
    this.object = object;
    this.subsystem = subsystem;
  }

  /**
   * What was asked for, where null is everything.
   *
   * @param now as {@link Round#steadyNow}, so that an age stays right when the clock is set
   * @throws IllegalArgumentException with a sentence if that cannot be understood
   */
  public static RoundFilter of(
      @Nullable String since, @Nullable String object, @Nullable String subsystem, long now) {
    return new RoundFilter(
        since == null ? Long.MIN_VALUE : now - duration(since).toMillis(),
        object == null ? null : wanted(object),
        subsystem == null ? "" : subsystem);
  }

  private static Duration duration(String word) {
    Duration duration = DurationText.parse(word);
    if (duration == null) {
      throw new IllegalArgumentException(
          "--since cannot be \""
              + word
              + "\". Write hours, minutes and seconds, such as 90s, 5m or 1h30m");
    }
    return duration;
  }

  private static Wanted wanted(String word) {
    String[] parts = word.split("/", -1);
    String kind = KINDS.get(parts[0].toLowerCase(Locale.ROOT));
    if (kind == null) {
      String nearest = NearestMatch.of(parts[0], KINDS.keySet().stream().sorted().toList());
      throw new IllegalArgumentException(
          "--object cannot be of the kind \""
              + parts[0]
              + "\". It is service, endpointslice, node, pod, namespace or networkpolicy"
              + (nearest == null ? "" : ". Did you mean " + nearest + "?"));
    }
    boolean cluster = kind.equals("Node") || kind.equals("Namespace");
    if (parts.length != (cluster ? 2 : 3) || List.of(parts).contains("")) {
      throw new IllegalArgumentException(
          "--object cannot be \""
              + word
              + "\". Write "
              + parts[0]
              + (cluster ? "/NAME" : "/NAMESPACE/NAME"));
    }
    return new Wanted(
        kind, cluster ? ObjectKey.cluster(parts[1]) : new ObjectKey(parts[1], parts[2]));
  }

  @Override
  public boolean test(Round round) {
    Wanted one = object;
    return round.steady() >= notBefore
        && (one == null || round.events().stream().anyMatch(one::is))
        && (subsystem.isEmpty() || round.has(subsystem));
  }
}
