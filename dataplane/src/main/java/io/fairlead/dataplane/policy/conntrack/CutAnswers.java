package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import java.io.IOException;
import java.util.Collection;
import java.util.Set;

/**
 * Keeps the answers of connections that were cut from passing for connections of the server's own:
 * what a server goes on sending would else be one, and the client's packets its replies. For one
 * thread at a time.
 */
public interface CutAnswers {

  /**
   * Has packets with these very ends dropped that belong to no connection and begin none, for as
   * long as they keep coming and some minutes more.
   *
   * @throws NotEnforcedException if the kernel has no policies at present, and denies nothing
   * @throws IOException if they may pass
   */
  void refuse(Collection<ConntrackTuple> answers) throws IOException;

  /** What is refused, whichever agent began it. */
  Set<ConntrackTuple> refused() throws IOException;

  /** Has these pass again; unknown ones are ignored. */
  void pass(Collection<ConntrackTuple> answers) throws IOException;
}
