package io.fairlead.dataplane.netlink.nftables;

import java.util.List;

/** Something that somebody changed. */
public sealed interface NfEvent {

  record TableChanged(boolean added, NfTable table) implements NfEvent {}

  record ChainChanged(boolean added, NfChain chain) implements NfEvent {}

  record RuleChanged(boolean added, NfRule rule) implements NfEvent {}

  record SetChanged(boolean added, NfSet set) implements NfEvent {}

  /** Elements as the kernel keeps them: where ranges begin, but not where they end. */
  record ElementsChanged(boolean added, TableName table, String set, List<SetElement> elements)
      implements NfEvent {}

  record CounterChanged(boolean added, NfCounter counter) implements NfEvent {}

  /**
   * A transaction is complete: the events before it, since the last of its kind, belong to it.
   *
   * @param process the number of the thread that committed it, as the kernel sees it
   * @param processName the first 15 bytes of that thread's name
   */
  record NewGeneration(long generation, int process, String processName) implements NfEvent {}
}
