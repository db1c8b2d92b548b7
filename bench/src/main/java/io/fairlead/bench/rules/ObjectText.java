package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.List;

/** Services and EndpointSlices as an API server sends them: JSON with the usual fields. */
public final class ObjectText {

  /** As many as the EndpointSlice controller puts into one. */
  static final int SLICE_SIZE = 100;

  private ObjectText() {}

  public static String service(int service) {
    return """
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"%1$s","namespace":"default",\
    "labels":{"app":"%1$s"}},"spec":{"type":"ClusterIP","clusterIP":"%2$s",\
    "clusterIPs":["%2$s"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
    "internalTrafficPolicy":"Cluster","selector":{"app":"%1$s"},"sessionAffinity":"None",\
    "ports":[{"name":"web","protocol":"TCP","port":%3$d,"targetPort":%4$d}]}}\
    """
        .formatted(
            Population.name(service),
            Population.clusterIp(service),
            Population.SERVICE_PORT,
            Population.ENDPOINT_PORT);
  }

  static String sliceName(int service, int slice) {
    return Population.name(service) + "-" + slice;
  }

  /** All slices of a Service that have endpoints. */
  static List<String> slices(int service, List<String> addresses) {
    List<String> slices = new ArrayList<>();
    for (int slice = 0; slice * SLICE_SIZE < addresses.size(); slice++) {
      slices.add(slice(service, slice, addresses));
    }
    return slices;
  }

  /** One slice of a Service, counted from 0; {@code addresses} are the whole Service's. */
  public static String slice(int service, int slice, List<String> addresses) {
    int from = Math.min(slice * SLICE_SIZE, addresses.size());
    int to = Math.min(from + SLICE_SIZE, addresses.size());
    return """
    {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"%1$s",\
    "namespace":"default","generation":7,"labels":{"app":"%2$s",\
    "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",\
    "kubernetes.io/service-name":"%2$s"},"annotations":\
    {"endpoints.kubernetes.io/last-change-trigger-time":"2026-01-01T00:00:00Z"},\
    "ownerReferences":[{"apiVersion":"v1","kind":"Service","name":"%2$s","controller":true,\
    "blockOwnerDeletion":true,"uid":"6b0f6ecb-7a2d-4b7e-9d43-000000000000"}]},\
    "addressType":"IPv4","endpoints":[%3$s],\
    "ports":[{"name":"web","protocol":"TCP","port":%4$d}]}\
    """
        .formatted(
            sliceName(service, slice),
            Population.name(service),
            endpoints(addresses.subList(from, to)),
            Population.ENDPOINT_PORT);
  }

  /** The members of a slice's list of endpoints. */
  static String endpoints(List<String> addresses) {
    StringBuilder text = new StringBuilder(256 * addresses.size());
    for (String address : addresses) {
      text.append(text.isEmpty() ? "" : ",")
          .append("{\"addresses\":[\"")
          .append(address)
          .append("\"],\"conditions\":{\"ready\":true,\"serving\":true,\"terminating\":false},")
          .append("\"nodeName\":\"node-7\",\"targetRef\":{\"kind\":\"Pod\",\"name\":\"pod-")
          .append(address.replace('.', '-'))
          .append("\",\"namespace\":\"default\",")
          .append("\"uid\":\"3f0d3c5e-12ab-4cde-8f01-000000000000\"},\"zone\":\"zone-a\"}");
    }
    return text.toString();
  }
}
