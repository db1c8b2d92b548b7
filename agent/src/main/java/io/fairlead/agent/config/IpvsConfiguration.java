package io.fairlead.agent.config;

import io.fairlead.ipvs.IpvsSettings;

/**
 * What is only of use in proxy-mode ipvs.
 *
 * @param settings of the backend itself
 * @param strictArp whether links answer only for addresses that they have themselves
 * @param endpointMetrics whether each endpoint of each Service has metrics of its own
 */
public record IpvsConfiguration(IpvsSettings settings, boolean strictArp, boolean endpointMetrics) {

  /** kube-proxy's, and metrics of endpoints. */
  public static final IpvsConfiguration DEFAULT =
      new IpvsConfiguration(IpvsSettings.DEFAULT, false, true);
}
