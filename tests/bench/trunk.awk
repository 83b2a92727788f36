# What tests/bench/trunk.sh has measured, as a table.
$2 == "places" { places[$1] = $3; next }
$2 == "release" { release = $3; next }
{ took[$1, $2, $3, $4] = $5 }

# say(CASE, TITLE, PLACES, HELPER, MESSAGES): that many un-helped messages' cost is no part of it
function say(what, title, at, helper, messages,	i, j, cost, line, worst, ratio)
{
	line = title
	for (i = 1; i <= n; i++) {
		if (!((at, helper, number[i], what) in took))
			wrong(title ": nothing was measured")
		cost[i] = took[at, helper, number[i], what] - messages * took[at, helper, number[i], "plain-message"]
		line = line "\t" cost[i]
		for (j = 1; j < i; j++) {
			ratio = cost[i] / cost[j]
			worst = ratio > worst ? ratio : worst
		}
	}
	printf "%s\t%.2f\n", line, worst
	if (at == "package" && helper == "ctalg" && worst > most)
		wrong(title ": it costs more than " most " times as much among more calls as among fewer")
}

function wrong(text)
{
	print "tests/bench/trunk: " text "." > "/dev/stderr"
	failed = 1
}

function say_calls(at, helper, who)
{
	say("invite", who "the next INVITE", at, helper, 1)
	say("answer", who "its 200", at, helper, 1)
	say("bye", who "BYE and its 200", at, helper, 2)
	say("build", who "setting up, each of all", at, helper)
}

function say_ours(at, who,	i)
{
	say_calls(at, "ctalg", who)
	say("media", who "first packet of any call's media, whole", at, "ctalg")
	say("taken", who "INVITE whose ports are taken outside", at, "ctalg", 1)
	say("same-invite", who "INVITE, all name one place", at, "ctalg", 1)
	say("same-answer", who "its 200", at, "ctalg", 1)
	say("same-bye", who "BYE and its 200, likewise", at, "ctalg", 2)
	say("same-first-bye", who "of one on whose pinholes others hang", at, "ctalg", 2)
	say("flows-invite", who "INVITE on a flow of its own", at, "ctalg", 1)
	say("flows-answer", who "its 200, all name one place", at, "ctalg", 1)
	say("flows-bye", who "BYE and its 200, likewise", at, "ctalg", 2)
	say("look", who "the reaper's look, each of all", at, "ctalg")
	say("end", who "end of the flow, each of all", at, "ctalg")
	for (i = 1; i <= n; i++) {
		if (took[at, "ctalg", number[i], "honoured"] != times)
			wrong(who "among " number[i] " calls, media did not come through")
		if (took[at, "ctalg", number[i], "lost"] + took[at, "ctalg", number[i], "flows-lost"])
			wrong(who "among " number[i] " calls, messages were lost or left as they were")
	}
}

END {
	n = split(calls, number, " ")
	times = 9
	line = "case"
	for (i = 1; i <= n; i++)
		line = line "\t" number[i] " calls"
	print line "\tratio"
	say("plain-message", "un-helped: a message, whole", "package", "ctalg")
	say("plain-first", "un-helped: first packet of a flow, whole", "package", "ctalg")
	say_ours("package", "")
	say_calls("package", "mainline", "mainline: ")
	line = "mainline: calls that get media, of " times
	for (i = 1; i <= n; i++)
		line = line "\t" took["package", "mainline", number[i], "honoured"]
	print line
	say_ours("kernel", places["kernel"] " places: ")
	print "(" release ", QEMU counts instructions; " places["package"] " places for expectations)"
	print "(what is not whole, or each of all: beyond an un-helped message's)"
	exit failed
}
