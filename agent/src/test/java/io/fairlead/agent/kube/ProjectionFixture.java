package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.ServiceRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One API object, written as a manifest, and what becomes of it. */
final class ProjectionFixture {

  private static final ManifestReader READER = new ManifestReader();

  private final ManifestObject object;

  private ProjectionFixture(String yaml) {
    try {
      List<ManifestObject> objects = READER.read("f.yaml", yaml.getBytes(StandardCharsets.UTF_8));
      assertThat(objects).hasSize(1);
      this.object = objects.getFirst();
    } catch (ManifestException e) {
      throw new AssertionError(yaml, e);
    }
  }

  /**
   * A Service with a cluster IP.
   *
   * @param spec further fields, as they stand within braces
   */
  static ProjectionFixture service(String spec) {
    return service("", spec, "");
  }

  static ProjectionFixture service(String metadata, String spec, String status) {
    return new ProjectionFixture(
        """
        {apiVersion: v1, kind: Service, metadata: {name: web, %s},
         spec: {clusterIP: 10.96.0.1, %s}, status: {%s}}
        """
            .formatted(metadata, spec, status));
  }

  static ProjectionFixture slice(String metadata, String fields) {
    return new ProjectionFixture(
        """
        {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,
         metadata: {name: web-1, labels: {kubernetes.io/service-name: web}, %s}, %s}
        """
            .formatted(metadata, fields));
  }

  static ProjectionFixture node(String metadata, String spec) {
    return new ProjectionFixture(
        "{apiVersion: v1, kind: Node, metadata: {name: node-1, %s}, spec: {%s}}"
            .formatted(metadata, spec));
  }

  static ProjectionFixture pod(String metadata, String spec, String status) {
    return new ProjectionFixture(
        """
        {apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop, %s},
         spec: {%s}, status: {%s}}
        """
            .formatted(metadata, spec, status));
  }

  static ProjectionFixture namespace(String metadata) {
    return new ProjectionFixture(
        "{apiVersion: v1, kind: Namespace, metadata: {name: shop, %s}}".formatted(metadata));
  }

  /**
   * A NetworkPolicy.
   *
   * @param spec its fields, as they stand within braces
   */
  static ProjectionFixture policy(String spec) {
    return new ProjectionFixture(
        """
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,
         metadata: {name: guard, namespace: shop}, spec: {%s}}
        """
            .formatted(spec));
  }

  /** Asserts that nothing, or exactly one thing that says this, was left out. */
  ProjectionFixture with(String problem) {
    if (problem.isEmpty()) {
      assertThat(object.problems()).isEmpty();
    } else {
      assertThat(object.problems()).singleElement().asString().contains(problem);
    }
    return this;
  }

  ServiceRecord service() {
    ServiceChanged change = (ServiceChanged) Objects.requireNonNull(object.change());
    return Objects.requireNonNull(change.service());
  }

  EndpointSliceRecord slice() {
    EndpointSliceChanged change = (EndpointSliceChanged) Objects.requireNonNull(object.change());
    return Objects.requireNonNull(change.slice());
  }

  /** Null of a pod that has ended. */
  @Nullable PodRecord podOrNull() {
    return ((PodChanged) Objects.requireNonNull(object.change())).pod();
  }

  PodRecord pod() {
    return Objects.requireNonNull(podOrNull());
  }

  NamespaceRecord namespace() {
    NamespaceChanged change = (NamespaceChanged) Objects.requireNonNull(object.change());
    return Objects.requireNonNull(change.namespace());
  }

  NetworkPolicyRecord policy() {
    NetworkPolicyChanged change = (NetworkPolicyChanged) Objects.requireNonNull(object.change());
    return Objects.requireNonNull(change.policy());
  }

  List<String> problems() {
    return object.problems();
  }

  NodeRecord node() {
    NodeChanged change = (NodeChanged) Objects.requireNonNull(object.change());
    return Objects.requireNonNull(change.node());
  }
}
