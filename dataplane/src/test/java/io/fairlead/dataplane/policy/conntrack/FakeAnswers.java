package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers that are refused, in memory. */
final class FakeAnswers implements CutAnswers {

  final Set<ConntrackTuple> refused = ConcurrentHashMap.newKeySet();
  volatile boolean full;
  volatile boolean gone;

  @Override
  public void refuse(Collection<ConntrackTuple> answers) throws IOException {
    if (gone) {
      throw new NotEnforcedException();
    }
    if (full) {
      throw new IOException("there is no room");
    }
    refused.addAll(answers);
  }

  @Override
  public Set<ConntrackTuple> refused() {
    return new HashSet<>(refused);
  }

  @Override
  public void pass(Collection<ConntrackTuple> answers) {
    refused.removeAll(answers);
  }
}
