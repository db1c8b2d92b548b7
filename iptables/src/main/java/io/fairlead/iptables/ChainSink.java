package io.fairlead.iptables;

import io.fairlead.iptables.rule.IptablesRule;
import java.util.List;

/** Takes chains of one table and family. A chain comes after those that its rules lead to. */
interface ChainSink {

  void put(String chain, List<IptablesRule> rules);

  /** Nothing leads to the chain any more, once everything that was put is in place. */
  void delete(String chain);
}
