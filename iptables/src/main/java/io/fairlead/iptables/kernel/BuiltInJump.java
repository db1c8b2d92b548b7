package io.fairlead.iptables.kernel;

import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.Target;

/**
 * A rule of a built-in chain by which packets come to our chains.
 *
 * @param chain for example PREROUTING
 * @param rule jumps to one of our chains
 * @param first whether it must come before everybody else's rules; otherwise it is added at the end
 */
public record BuiltInJump(String chain, IptablesRule rule, boolean first) {

  public BuiltInJump {
    if (!(rule.target() instanceof Target.Jump(String to))
        || !to.startsWith(XtablesKernel.PREFIX)) {
      throw new IllegalArgumentException(
          "the rule in " + chain + " does not jump to a chain of ours: " + rule);
    }
  }
}
