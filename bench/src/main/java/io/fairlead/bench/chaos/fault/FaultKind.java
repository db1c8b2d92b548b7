package io.fairlead.bench.chaos.fault;

import static io.fairlead.bench.chaos.probe.Effect.CUT;
import static io.fairlead.bench.chaos.probe.Effect.LEAKED;
import static io.fairlead.bench.chaos.probe.Effect.NOT_ADDED;
import static io.fairlead.bench.chaos.probe.Effect.NOT_DELETED;
import static io.fairlead.bench.chaos.probe.Effect.REFUSED;
import static io.fairlead.bench.chaos.probe.Effect.STALLED;

import io.fairlead.bench.chaos.probe.Effect;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What can go wrong: how often and how long it does in a run, and what may become of traffic
 * because of the fault itself, from its beginning until everything is as it should be again.
 */
public enum FaultKind {
  AGENT_KILLED("an agent is killed (kill -9)", 4, 0, 5000, AgentKilled::new, NOT_ADDED),
  AGENT_PAUSED(
      "an agent is stopped for a while (SIGSTOP)", 2, 1000, 6000, AgentPaused::new, NOT_ADDED),
  API_GONE("the API server refuses connections", 2, 500, 5000, ApiGone::new, NOT_ADDED),
  API_SILENT("the API server hangs", 2, 1000, 6000, ApiSilent::new, NOT_ADDED),
  API_FAILING("the API server answers 500 or 503", 1, 500, 4000, ApiFailing::new, NOT_ADDED),
  API_BUSY("the API server answers 429", 1, 500, 4000, ApiBusy::new, NOT_ADDED),
  API_RESET("connections to the API server are reset", 1, 0, 1000, ApiReset::new, NOT_ADDED),
  WATCH_STALLED("watches say nothing", 1, 1000, 6000, WatchStalled::new, NOT_ADDED),
  HISTORY_COMPACTED(
      "the API server forgets its history (410 Gone)",
      2,
      200,
      2000,
      HistoryCompacted::new,
      NOT_ADDED),
  RULESET_FLUSHED(
      "somebody flushes the whole ruleset",
      2,
      0,
      1,
      RulesetFlushed::new,
      REFUSED,
      STALLED,
      CUT,
      LEAKED),
  TABLE_DELETED(
      "somebody deletes a table of ours",
      2,
      0,
      1,
      TableDeleted::new,
      REFUSED,
      STALLED,
      CUT,
      LEAKED),
  RULES_DELETED(
      "somebody deletes chains or elements of ours",
      2,
      0,
      1,
      RulesDeleted::new,
      REFUSED,
      STALLED,
      CUT,
      LEAKED),
  IPTABLES_FLUSHED(
      "somebody flushes the chains of iptables",
      1,
      0,
      1,
      IptablesFlushed::new,
      REFUSED,
      STALLED,
      CUT),
  FOREIGN_RELOADED("a firewall of others is reloaded", 1, 0, 1, ForeignReloaded::new),
  OVERLAY_DAMAGED(
      "somebody removes routes, entries or the device of the overlay",
      3,
      0,
      1,
      OverlayDamaged::new,
      REFUSED,
      STALLED),
  BRIDGE_DAMAGED(
      "somebody takes the bridge's address away, or the bridge",
      2,
      0,
      1,
      BridgeDamaged::new,
      REFUSED,
      STALLED),
  PORT_DAMAGED(
      "somebody takes a pod's port off the bridge, or down",
      1,
      0,
      1,
      PortDamaged::new,
      REFUSED,
      STALLED),
  POD_LINK_DELETED("somebody deletes a pod's link", 1, 0, 1, PodLinkDeleted::new),
  SETTING_RESET("somebody turns forwarding off", 1, 0, 1, SettingReset::new, REFUSED, STALLED),
  UPLINK_DOWN("a node's uplink is down", 2, 500, 4000, UplinkDown::new, REFUSED, STALLED),
  DISK_FULL(
      "the disk of the state folder is full", 2, 500, 4000, DiskFull::new, NOT_ADDED, NOT_DELETED),
  CLOCK_JUMPED("an agent's clock jumps", 2, 1500, 4000, ClockJumped::new, NOT_ADDED),
  CONNTRACK_FULL(
      "the conntrack table is full", 1, 1000, 3000, ConntrackFull::new, REFUSED, NOT_ADDED),
  PLUGIN_KILLED("CNI binaries are killed in the middle of ADD", 2, 0, 1, PluginKilled::new),
  OVERLAY_SWITCHED(
      "the overlay's mode changes and changes back", 1, 1000, 3000, OverlaySwitched::new),
  PROXY_SWITCHED("the proxy mode changes and changes back", 1, 2000, 4000, ProxySwitched::new);

  private final String words;
  private final int weight;
  private final Duration shortest;
  private final Duration longest;

  // References to constructors have no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Supplier<Fault> maker;

  // A copy that nobody changes.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Effect> allowed;

  FaultKind(
      String words,
      int weight,
      int shortestMillis,
      int longestMillis,
      Supplier<Fault> maker,
      Effect... allowed) {
    this.words = words;
    this.weight = weight;
    this.shortest = Duration.ofMillis(shortestMillis);
    this.longest = Duration.ofMillis(longestMillis);
    this.maker = maker;
    this.allowed = Set.of(allowed);
  }

  /** In a command line: "agent-killed". */
  public String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As part of a sentence. */
  public String words() {
    return words;
  }

  /** How often it happens, beside the others. */
  public int weight() {
    return weight;
  }

  /** How long it lasts at least. */
  public Duration shortest() {
    return shortest;
  }

  /** How long it lasts less than. */
  public Duration longest() {
    return longest;
  }

  /** A fault of this kind. */
  public Fault create() {
    return maker.get();
  }

  /** What may become of traffic because of the fault itself. */
  public Set<Effect> allowed() {
    return allowed;
  }

  /** Whether it may have this effect by itself. */
  public boolean allows(Effect effect) {
    return allowed.contains(effect);
  }

  /**
   * The kind of this spelling.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  public static FaultKind of(String spelling) {
    for (FaultKind kind : values()) {
      if (kind.spelling().equals(spelling)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "there is no fault \""
            + spelling
            + "\"; there are "
            + String.join(", ", Arrays.stream(values()).map(FaultKind::spelling).toList()));
  }
}
