package io.fairlead.agent.kube;

/** Labels and annotations of Kubernetes that fairlead reads, and its own. */
final class Labels {

  /** k8s.io/kubernetes pkg/proxy/apis: the object belongs to another proxy. */
  static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";

  /** k8s.io/api core/v1 IsHeadlessService. */
  static final String HEADLESS = "service.kubernetes.io/headless";

  /** k8s.io/api discovery/v1 LabelServiceName. */
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** On an EndpointSlice, k8s.io/api core/v1 EndpointsLastChangeTriggerTime. */
  static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

  /** On a Node, k8s.io/api core/v1 LabelTopologyZone. */
  static final String ZONE = "topology.kubernetes.io/zone";

  /** The key of a Node's taint, k8s.io/autoscaler ToBeDeletedTaint. */
  static final String TO_BE_DELETED = "ToBeDeletedByClusterAutoscaler";

  /** What kube-proxy's informers select too. */
  static final String SELECTOR = "!" + PROXY_NAME + ",!" + HEADLESS;

  /** On a Node: the MAC address of its VXLAN device. */
  static final String VTEP_MAC = "fairlead.io/vtep-mac";

  /** On a Node, flannel's pkg/subnet/kube: how packets reach its pods. */
  static final String FLANNEL_BACKEND_TYPE = "flannel.alpha.coreos.com/backend-type";

  /** On a Node: VNI and VTEP of flannel's backend vxlan, as JSON; "null" of others. */
  static final String FLANNEL_BACKEND_DATA = "flannel.alpha.coreos.com/backend-data";

  /** On a Node: its IPv4 address for other nodes. */
  static final String FLANNEL_PUBLIC_IP = "flannel.alpha.coreos.com/public-ip";

  /** On a Node: "true" where flannel reads the Node at all. */
  static final String FLANNEL_MANAGED = "flannel.alpha.coreos.com/kube-subnet-manager";

  /** On a Service: how IPVS shares its connections out, such as "wlc" or "mh,mh-port". */
  static final String IPVS_SCHEDULER = "fairlead.io/ipvs-scheduler";

  /** On a Namespace, k8s.io/api core/v1 LabelMetadataName: its name. */
  static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  /** On a Pod, k8s.io/api core/v1 MirrorPodAnnotationKey: it stands for a static pod. */
  static final String MIRROR = "kubernetes.io/config.mirror";

  /** On a Pod, k8s.io/kubernetes ConfigHashAnnotationKey: a static pod's uid on its node. */
  static final String CONFIG_HASH = "kubernetes.io/config.hash";

  private Labels() {}
}
