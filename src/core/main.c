// SPDX-License-Identifier: GPL-2.0
/* The module: namespaces come and go, everything else hangs on them. */
#include <linux/module.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core.h"

static unsigned int ctalg_net_id __read_mostly;

struct ctalg_net *ctalg_net(struct net *net)
{
	return net_generic(net, ctalg_net_id);
}

static void ctalg_net_free_helpers(struct ctalg_net *cn)
{
	unsigned int i;

	for (i = 0; i < CTALG_HELPERS; i++) {
		struct ctalg_net_helper *nh = rcu_dereference_protected(cn->helper[i], true);

		RCU_INIT_POINTER(cn->helper[i], NULL);
		ctalg_net_helper_free(nh);
	}
}

static int ctalg_net_alloc_helpers(struct ctalg_net *cn)
{
	struct ctalg_live *live;

	list_for_each_entry(live, &ctalg_lives, node) {
		struct ctalg_net_helper *nh = ctalg_net_helper_alloc(live);

		if (!nh) {
			ctalg_net_free_helpers(cn);
			return -ENOMEM;
		}
		rcu_assign_pointer(cn->helper[live->slot], nh);
	}
	return 0;
}

static int __net_init ctalg_net_init(struct net *net)
{
	struct ctalg_net *cn = ctalg_net(net);
	int err;

	cn->net = net;
	ctalg_limits_setup(cn);
	ctalg_policy_setup(cn);
	err = ctalg_pinholes_setup(cn);
	if (err)
		return err;
	err = ctalg_flows_setup(cn);
	if (err)
		goto err_pinholes;

	mutex_lock(&ctalg_mutex);
	err = ctalg_net_alloc_helpers(cn);
	if (!err)
		list_add_tail(&cn->node, &ctalg_nets);
	mutex_unlock(&ctalg_mutex);
	if (err)
		goto err_flows;
	return 0;

err_flows:
	ctalg_flows_clean(cn);
err_pinholes:
	ctalg_pinholes_clean(cn);
	return err;
}

/*
 * The namespace's devices are gone: no packet is on its way here. A helper that is about to
 * go waits until its last flow has ended here, where it is no longer in the list.
 */
static void __net_exit ctalg_net_exit(struct net *net)
{
	struct ctalg_net *cn = ctalg_net(net);

	mutex_lock(&ctalg_mutex);
	list_del(&cn->node);
	ctalg_flows_clean(cn);
	mutex_unlock(&ctalg_mutex);
	ctalg_pinholes_clean(cn);
	ctalg_net_free_helpers(cn);
	ctalg_policy_clean(cn);
}

static struct pernet_operations ctalg_net_ops = {
	.init = ctalg_net_init,
	.exit = ctalg_net_exit,
	.id = &ctalg_net_id,
	.size = sizeof(struct ctalg_net),
};

static int __init ctalg_init(void)
{
	int err;

	err = ctalg_scratch_init();
	if (err)
		return err;
	err = ctalg_flow_init();
	if (err)
		goto err_scratch;
	err = ctalg_session_init();
	if (err)
		goto err_flow;
	err = ctalg_pinhole_init();
	if (err)
		goto err_session;
	err = register_pernet_subsys(&ctalg_net_ops);
	if (err)
		goto err_pinhole;
	ctalg_pinholes_begin();
	err = ctalg_netlink_init();
	if (err)
		goto err_pernet;
	return 0;

err_pernet:
	ctalg_pinholes_end();
	unregister_pernet_subsys(&ctalg_net_ops);
err_pinhole:
	ctalg_pinhole_fini();
err_session:
	ctalg_session_fini();
err_flow:
	ctalg_flow_fini();
err_scratch:
	ctalg_scratch_fini();
	return err;
}

static void __exit ctalg_exit(void)
{
	ctalg_netlink_fini();
	ctalg_pinholes_end();
	unregister_pernet_subsys(&ctalg_net_ops);
	rcu_barrier();
	ctalg_pinhole_fini();
	ctalg_session_fini();
	ctalg_flow_fini();
	ctalg_scratch_fini();
}

module_init(ctalg_init);
module_exit(ctalg_exit);
MODULE_DESCRIPTION("Application layer gateways for connection tracking and NAT: core");
MODULE_LICENSE("GPL");
MODULE_VERSION(CTALG_VERSION);
