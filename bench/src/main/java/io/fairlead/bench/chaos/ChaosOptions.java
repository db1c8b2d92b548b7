package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a chaos run goes.
 *
 * @param seed of everything that is random, except for what the scheduler does
 * @param duration of the faults; a run goes on until each kind had its turn
 * @param nodes 2 or 3
 * @param faults the kinds that happen, at least one
 * @param proxyMode nftables, iptables or ipvs
 */
public record ChaosOptions(
    long seed, Duration duration, int nodes, List<FaultKind> faults, String proxyMode) {

  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Set<String> MODES = Set.of("nftables", "iptables", "ipvs");

  public ChaosOptions {
    faults = List.copyOf(faults);
    if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("--duration takes 1s to 24h, not " + duration);
    }
    if (nodes < 2 || nodes > 3) {
      throw new IllegalArgumentException("--nodes takes 2 or 3, not " + nodes);
    }
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("--faults takes at least one fault");
    }
    if (!MODES.contains(proxyMode)) {
      throw new IllegalArgumentException(
          "--proxy-mode takes nftables, iptables or ipvs, not \"" + proxyMode + "\"");
    }
  }
}
