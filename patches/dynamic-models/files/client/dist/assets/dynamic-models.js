/* The patch dynamic-models of librechat-patcher, made from its page/src and
   patches/dynamic-models/files/client/src/hooks/Input. */
var U=new WeakMap,O=e=>!!e.getQueryCache().find(["models"])?.getObserversCount(),l=e=>e?U.get(e)??[e]:
[],D=(e,t)=>{if(e!==t){let r=[...l(e).filter(s=>s!==t&&O(s)),t];r.forEach(s=>U.set(s,r))}},F=e=>(l(e).
find(O)??e)?.getQueryState(["models"]),q=new WeakMap,_=e=>{q.set(e,Date.now()),e.invalidateQueries([
"models"])},h=e=>l(e).forEach(_),N=(e,t)=>l(e).filter(o=>(q.get(o)??0)<t).forEach(_),j=(e,t)=>l(e).forEach(
o=>{let r=o.getQueryState(["models"]);r&&r.dataUpdatedAt<t&&_(o)}),K=async e=>{for(let t of l(e)){let o=t.
getQueryCache().find(["models"]);o?.state.fetchStatus==="fetching"&&await o.fetch().catch(()=>{})}},
z=(e,t)=>l(e).map(o=>o.getQueryData(t)).find(o=>o!==void 0);var y="modelRefresh",C=null,b=!1,p=e=>{let t=2166136261;for(let o=0;o<e.length;o++)t=Math.imul(t^e.charCodeAt(
o),16777619);return(t>>>0).toString(36)},T=()=>{try{let e=b?C:localStorage.getItem(y),t=JSON.parse(e??
"{}");return typeof t=="object"&&t!==null?t:{}}catch{return{}}},A=e=>{C=JSON.stringify(e);try{localStorage.
setItem(y,C),b=!1}catch{b=!0}},I=e=>{let t={};for(let o of Object.keys(e).sort())t[p(o)]=p(e[o].models.
join(`
`));return t},c=e=>{let t=T();return t.user===p(e)?t:{changedAt:t.changedAt}},g=(e,t)=>A({...c(e),...t,
user:p(e)}),R=()=>A({...T(),lists:void 0,toldAt:void 0,changedAt:Date.now()}),W=()=>A({...T(),toldAt:Date.
now()});var de=1440*60*1e3,ae=6e3,$="com_error_invalid_user_key",B="com_error_no_base_url",v="com_error_endp\
oint_models_not_loaded",ce={no_user_key:"com_error_no_user_key",invalid_user_key:$,provider_unauthorized:$,
expired_user_key:"com_error_expired_user_key",insecure_url:B,blocked_url:B,provider_error:v,provider_timeout:v,
invalid_response:v,internal_error:v},x=(e,t,o,r="")=>{let s=o&&ce[o.code];if(!s)return;let i=r&&new Date(
r).toLocaleString(),a=e.localize(s,[t,i]),d=a&&a!==s?a:o.message;e.showToast({message:d.includes(t)?
d:`${t}: ${d}`,status:"error",duration:ae}),W()},J=(e,t,o)=>{let r=Object.keys(o).find(i=>o[i].error?.
code==="provider_unauthorized"),{toldAt:s=0}=c(t);r!=null&&Date.now()-s>=de&&x(e,r,o[r].error)};var P=60,le=["openAI","google","anthropic","assistants"],ue=(e,t)=>e.length===t?.length&&e.every((o,r)=>o===
t[r]),fe=(e,t)=>Object.keys(e).every(o=>ue(e[o].models,t[o])),me=e=>e.initial!=null,H=(e,t)=>{let{changedAt:o=0}=c(
t);o<=Date.now()&&j(e.queryClient(),o)},he=(e,t,o,r)=>{let{data:s,dataUpdatedAt:i=r}=F(e.queryClient())??
{},{lists:a,changedAt:d=0}=c(t),n=I(o),u=JSON.stringify(a)!==JSON.stringify(n),w=i<r&&Object.keys(a??
{}).some(f=>!(f in n));if(s&&!me(s)&&(w||!fe(o,s))){let f=!u&&d>=r;g(t,{lists:n,changedAt:f?d:Date.now()}),
h(e.queryClient());return}g(t,{lists:n,changedAt:u?Math.max(d,i):d})},E=async(e,t)=>{let o=Date.now();
g(t,{askedAt:o});try{let r=await e.fetchUserModels({maxAge:P});await K(e.queryClient()),e.userId()===
t&&"endpoints"in r&&(he(e,t,r.endpoints,o),J(e,t,r.endpoints))}catch{return}},pe=async(e,t)=>{try{let o=await e.
fetchUserModels({endpoint:t});return"error"in o?o.error:void 0}catch(o){let{response:r}=o;return r?.
data?.error}},X=async(e,{name:t,expiresAt:o})=>{let r=z(e.queryClient(),["endpoints"]),s=r?.[t]?.type===
"custom";if(r&&!s&&!le.includes(t))return;R();let i=await pe(e,t);R(),h(e.queryClient()),x(e,t,i,o)},
Y=e=>{R(),h(e.queryClient())};var Z=60*1e3,G=P*1e3,ye=5*Z,ge=1440*Z,Re=['[id^="endpoint-item-"]','[id^="endpoint-"][id$="-menu"]',
'[data-testid="select-dropdown-button"][aria-expanded="true"]'].join(),V=(e,t)=>{let{askedAt:o=0,lists:r}=c(
e),s=r!=null&&Object.keys(r).length===0,i=Date.now()-o;return i<0||i>=(s?ge:t)},ee=(e,t)=>{let o=G,r=c(
t).changedAt,s=()=>{document.visibilityState!=="hidden"&&(V(t,o)?E(e,t):H(e,t),o=ye)},i=()=>{V(t,G)&&
document.querySelector(Re)&&E(e,t)},a=d=>{if(d.key!==y||document.visibilityState==="hidden")return;let{
changedAt:n}=c(t);n!==r&&n!=null&&n<=Date.now()&&(r=n,N(e.queryClient(),n))};return document.addEventListener(
"visibilitychange",s),document.addEventListener("focusin",i),window.addEventListener("storage",a),s(),
()=>{document.removeEventListener("visibilitychange",s),document.removeEventListener("focusin",i),window.
removeEventListener("storage",a)}};var ve=500,te=(e,...t)=>{let o=Object.keys(e??{});return t.every(r=>o.includes(r))},oe=async()=>{let e=document.
querySelectorAll("link[rel=modulepreload], script[type=module][src]"),o=(await Promise.all([...e].map(
({href:r,src:s})=>import(r||s).catch(()=>({}))))).flatMap(r=>Object.values(r));return{http:o.find(r=>te(
r,"isAxiosError","interceptors")),texts:o.find(r=>te(r,"t","changeLanguage"))}},re=e=>{let t=document.
getElementById("root")??{},r=[Object.entries(t).find(([s])=>s.startsWith("__reactContainer$"))?.[1].
stateNode.current];for(let s=0;s<ve&&r.length>0;s++){let i=r.pop();if(i?.memoizedProps&&e(i.memoizedProps))
return i.memoizedProps;i&&r.push(i.sibling,i.child)}return null},k,M=()=>{let t=re(({client:o})=>o?.
getQueryCache)?.client;return t&&(D(k??t,t),k=t),k},se=e=>re(({value:t})=>t?.showToast)?.value?.showToast?.(
e),S=()=>{let e=M();if(e?.getQueryData(["endpoints"]))for(let t of e.getQueryCache().findAll(["assis\
tants"]))t.queryKey.length===2&&!t.state.data&&t.isDisabled()&&e.setQueryData(t.queryKey,{data:[]},{
updatedAt:1})};var Q=new URL("../api/",import.meta.url),ne=new WeakSet,Me=async()=>{let{http:e,texts:t}=await oe();
if(!e)return;let o,r,s={showToast:se,queryClient:M,userId:()=>o,localize:(n,u)=>t?.t(n,{...u}),fetchUserModels:async n=>(await e.
post(new URL("models/fetch",Q).href,n)).data},i=n=>{n!==o&&(r?.(),o=n,r=n?ee(s,n):void 0)},a=n=>{let{
url:u="",method:w,data:f}=n.config,{href:L}=new URL(u,document.baseURI);if(ne.has(n)||!L.startsWith(
Q.href))return;ne.add(n);let m=`${w} ${L.slice(Q.href.length)}`;if(m==="put keys")return X(s,JSON.parse(
f));if(/^delete keys[/?]/.test(m))return Y(s);if(m==="get user")return i(n.data.id??n.data._id);if(m.
endsWith(" auth/logout"))return i();if(/^get (models|endpoints)$/.test(m))return setTimeout(S)};e.interceptors.
response.use(n=>(Promise.resolve(n).then(a).catch(()=>{}),n));let d=M()?.getQueryData(["user"]);i(d?.
id??d?._id),S()};Me().catch(()=>{});
