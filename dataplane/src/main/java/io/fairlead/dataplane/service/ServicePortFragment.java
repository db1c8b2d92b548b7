package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one port of a Service asks of this node, in one address family.
 *
 * @param name of the port; may be empty
 * @param cluster the endpoints for traffic that may go to any node
 * @param local the endpoints on this node; only computed where some frontend reaches them,
 *     otherwise empty
 * @param affinitySeconds how long a client stays with its endpoint since its last connection; 0
 *     without session affinity
 * @param ipvsScheduler how IPVS shares connections out; empty for the node's default
 * @param frontends where clients reach it
 */
public record ServicePortFragment(
    String name,
    Protocol protocol,
    AddressFamily family,
    EndpointSet cluster,
    EndpointSet local,
    int affinitySeconds,
    String ipvsScheduler,
    SortedMap<FrontendAddress, Frontend> frontends) {

  public ServicePortFragment {
    frontends = Collections.unmodifiableSortedMap(new TreeMap<>(frontends));
  }

  /** Where pods of this node and the node itself are sent. */
  public EndpointSet inside(Frontend frontend) {
    return switch (frontend.reach()) {
      case CLUSTER, LOCAL_FROM_OUTSIDE -> cluster;
      case LOCAL -> local;
    };
  }

  /** Where all other clients are sent. */
  public EndpointSet outside(Frontend frontend) {
    return switch (frontend.reach()) {
      case CLUSTER -> cluster;
      case LOCAL, LOCAL_FROM_OUTSIDE -> local;
    };
  }
}
