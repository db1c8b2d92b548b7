package io.fairlead.bench.scale;

/**
 * The cluster that is modelled.
 *
 * @param endpoints of a Service, on average over all Services
 * @param changedSlice endpoints in the EndpointSlice that a change writes anew; those of big
 *     Services change more often, so it is more than the average
 * @param changesPerSecond writes of EndpointSlices in the whole cluster
 * @param nodeBytes of a Node as JSON, most of it the list of images
 * @param podBytes of a Pod as JSON
 * @param apiServers that share the watches equally
 */
record ModelCluster(
    int nodes,
    int services,
    double endpoints,
    int changedSlice,
    double changesPerSecond,
    int pods,
    int nodeBytes,
    int podBytes,
    int apiServers) {

  ModelCluster {
    if (nodes < 1 || services < 1 || pods < 1 || apiServers < 1 || endpoints <= 0) {
      throw new IllegalArgumentException(
          "a cluster has nodes, Services, endpoints, pods and API servers");
    }
    if (changedSlice < 1 || changedSlice > 1000 || changesPerSecond <= 0) {
      throw new IllegalArgumentException(
          "there are changes, of EndpointSlices with 1 to 1000 endpoints");
    }
  }

  /** Services and endpoints: what memory and first syncs grow with. */
  double objects() {
    return services * (1 + endpoints);
  }

  ModelCluster withChanges(double perSecond) {
    return new ModelCluster(
        nodes, services, endpoints, changedSlice, perSecond, pods, nodeBytes, podBytes, apiServers);
  }

  ModelCluster withChangedSlice(int size) {
    return new ModelCluster(
        nodes, services, endpoints, size, changesPerSecond, pods, nodeBytes, podBytes, apiServers);
  }
}
