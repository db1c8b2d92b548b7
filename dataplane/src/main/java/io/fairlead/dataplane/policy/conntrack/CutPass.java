package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackStatus;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.policy.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One pass over the connections of some addresses. The table is streamed past: no more than a
 * portion waits to be judged, and no more than a few thousand to be deleted. Used once.
 */
final class CutPass {

  /** Deleted together before the table is read anew; a few megabytes. */
  static final int MOST_AT_ONCE = 16_384;

  private final ConntrackKernel kernel;
  private final FlowJudge judge;
  private final CutAnswers answers;
  private final Set<IpAddress> own;
  private final InvolvedEntries involved;
  private final Map<ConntrackEntry, Flow> portion = new HashMap<>();
  private final List<ConntrackEntry> denied = new ArrayList<>();
  private int judged;

  CutPass(
      ConntrackKernel kernel,
      FlowJudge judge,
      CutAnswers answers,
      Set<IpAddress> own,
      Set<IpAddress> addresses) {
    this.kernel = kernel;
    this.judge = judge;
    this.answers = answers;
    this.own = own;
    this.involved = InvolvedEntries.of(addresses);
  }

  /** How many entries were judged. */
  int judged() {
    return judged;
  }

  /**
   * Deletes the entries that are denied, and no others.
   *
   * @return how many
   * @throws IOException if some may be left; a further pass finds them
   */
  int run() throws IOException {
    int deleted = 0;
    List<ConntrackFilter> filters = involved.filters(kernel.count());
    for (int i = 0; i < filters.size(); i++) {
      List<ConntrackFilter> before = filters.subList(0, i);
      boolean more;
      do {
        denied.clear();
        kernel.dump(
            filters.get(i),
            entry -> {
              if (before.stream().noneMatch(filter -> filter.matches(entry))) {
                consider(entry);
              }
            });
        judgePortion();
        int gone = denied.isEmpty() ? 0 : cut();
        deleted += gone;
        more = denied.size() >= MOST_AT_ONCE && gone > 0;
      } while (more);
    }
    return deleted;
  }

  /**
   * An answer that could not be refused is no reason to let its connection live. But where nothing
   * is denied at present, it has to: its server's next answer would begin a connection of the
   * server's own, which may be allowed, and the client's packets would be its replies.
   */
  private int cut() throws IOException {
    IOException failure = null;
    try {
      answers.refuse(denied.stream().flatMap(CutPass::answer).toList());
    } catch (NotEnforcedException e) {
      throw e;
    } catch (IOException e) {
      failure = e;
    }
    int gone = kernel.delete(denied);
    if (failure != null) {
      throw new IOException(
          "servers of connections that were cut may begin them anew: " + failure.getMessage(),
          failure);
    }
    return gone;
  }

  /** Of a masqueraded connection none: once it is forgotten, answers get no further than here. */
  private static Stream<ConntrackTuple> answer(ConntrackEntry entry) {
    boolean returns = entry.reply().destination().equals(entry.original().source());
    return returns && entry.reply().key() instanceof Ports
        ? Stream.of(entry.reply())
        : Stream.empty();
  }

  private void consider(ConntrackEntry entry) throws IOException {
    // What a helper expected is related to a connection, and allowed for as long as that one is.
    if (denied.size() >= MOST_AT_ONCE
        || entry.has(ConntrackStatus.EXPECTED)
        || !involved.contains(entry)) {
      return;
    }
    portion.put(entry, TrackedFlow.of(entry, own));
    if (portion.size() == Judgements.PORTION) {
      judgePortion();
    }
  }

  private void judgePortion() throws IOException {
    if (portion.isEmpty()) {
      return;
    }
    Set<Flow> bad = Judgements.denied(judge, new HashSet<>(portion.values()));
    judged += portion.size();
    portion.forEach((entry, flow) -> {
      if (bad.contains(flow)) {
        denied.add(entry);
      }
    });
    portion.clear();
  }
}
