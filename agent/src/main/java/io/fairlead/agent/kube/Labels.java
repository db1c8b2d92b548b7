package io.fairlead.agent.kube;

/** Labels and annotations of Kubernetes that fairlead reads, and its own. */
final class Labels {

  /** k8s.io/kubernetes pkg/proxy/apis: the object belongs to another proxy. */
  static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";

  /** k8s.io/api core/v1 IsHeadlessService. */
  static final String HEADLESS = "service.kubernetes.io/headless";

  /** k8s.io/api discovery/v1 LabelServiceName. */
  static final String SERVICE_NAME = "kubernetes.io/service-name";

  /** What kube-proxy's informers select too. */
  static final String SELECTOR = "!" + PROXY_NAME + ",!" + HEADLESS;

  /** On a Node: the MAC address of its VXLAN device. */
  static final String VTEP_MAC = "fairlead.io/vtep-mac";

  private Labels() {}
}
