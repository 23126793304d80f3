/* dynamic-models, the patch of librechat-patcher: LibreChat's client shows a user's own models.
   Made from page/src and patches/dynamic-models/files/client/src/hooks/Input of that project. */
var L=new WeakMap,O=e=>!!e.getQueryCache().find(["models"])?.getObserversCount(),u=e=>e?L.get(e)??[e]:
[],F=(e,t)=>{if(e!==t){let r=[...u(e).filter(s=>s!==t&&O(s)),t];r.forEach(s=>L.set(s,r))}},D=e=>(u(e).
find(O)??e)?.getQueryState(["models"]),h=e=>u(e).forEach(t=>t.invalidateQueries(["models"])),q=(e,t)=>u(
e).forEach(o=>{let r=o.getQueryState(["models"]);r&&r.dataUpdatedAt<t&&o.invalidateQueries(["models"])}),
N=async e=>{for(let t of u(e)){let o=t.getQueryCache().find(["models"]);o?.state.fetchStatus==="fetc\
hing"&&await o.fetch().catch(()=>{})}},j=(e,t)=>u(e).map(o=>o.getQueryData(t)).find(o=>o!==void 0);var y="modelRefresh",w=null,T=!1,p=e=>{let t=2166136261;for(let o=0;o<e.length;o++)t=Math.imul(t^e.charCodeAt(
o),16777619);return(t>>>0).toString(36)},b=()=>{try{let e=T?w:localStorage.getItem(y),t=JSON.parse(e??
"{}");return typeof t=="object"&&t!==null?t:{}}catch{return{}}},C=e=>{w=JSON.stringify(e);try{localStorage.
setItem(y,w),T=!1}catch{T=!0}},K=e=>{let t={};for(let o of Object.keys(e).sort())t[p(o)]=p(e[o].models.
join(`
`));return t},c=e=>{let t=b();return t.user===p(e)?t:{changedAt:t.changedAt}},g=(e,t)=>C({...c(e),...t,
user:p(e)}),R=()=>C({...b(),lists:void 0,toldAt:void 0,changedAt:Date.now()}),z=()=>C({...b(),toldAt:Date.
now()});var se=1440*60*1e3,ne=6e3,I="com_error_invalid_user_key",W="com_error_no_base_url",v="com_error_endp\
oint_models_not_loaded",ie={no_user_key:"com_error_no_user_key",invalid_user_key:I,provider_unauthorized:I,
expired_user_key:"com_error_expired_user_key",insecure_url:W,blocked_url:W,provider_error:v,provider_timeout:v,
invalid_response:v,internal_error:v},x=(e,t,o,r="")=>{let s=o&&ie[o.code];if(!s)return;let n=r&&new Date(
r).toLocaleString(),a=e.localize(s,[t,n]),d=a&&a!==s?a:o.message;e.showToast({message:d.includes(t)?
d:`${t}: ${d}`,status:"error",duration:ne}),z()},$=(e,t,o)=>{let r=Object.keys(o).find(n=>o[n].error?.
code==="provider_unauthorized"),{toldAt:s=0}=c(t);r!=null&&Date.now()-s>=se&&x(e,r,o[r].error)};var P=60,de=["openAI","google","anthropic","assistants"],ae=(e,t)=>e.length===t?.length&&e.every((o,r)=>o===
t[r]),ce=(e,t)=>Object.keys(e).every(o=>ae(e[o].models,t[o])),le=e=>e.initial!=null,A=(e,t)=>{let{changedAt:o=0}=c(
t);o<=Date.now()&&q(e.queryClient(),o)},ue=(e,t,o,r)=>{let{data:s,dataUpdatedAt:n=r}=D(e.queryClient())??
{},{lists:a,changedAt:d=0}=c(t),i=K(o),l=JSON.stringify(a)!==JSON.stringify(i),_=n<r&&Object.keys(a??
{}).some(f=>!(f in i));if(s&&!le(s)&&(_||!ce(o,s))){let f=!l&&d>=r;g(t,{lists:i,changedAt:f?d:Date.now()}),
h(e.queryClient());return}g(t,{lists:i,changedAt:l?Math.max(d,n):d})},E=async(e,t)=>{let o=Date.now();
g(t,{askedAt:o});try{let r=await e.fetchUserModels({maxAge:P});await N(e.queryClient()),e.userId()===
t&&"endpoints"in r&&(ue(e,t,r.endpoints,o),$(e,t,r.endpoints))}catch{return}},fe=async(e,t)=>{try{let o=await e.
fetchUserModels({endpoint:t});return"error"in o?o.error:void 0}catch(o){let{response:r}=o;return r?.
data?.error}},J=async(e,{name:t,expiresAt:o})=>{let r=j(e.queryClient(),["endpoints"]),s=r?.[t]?.type===
"custom";if(r&&!s&&!de.includes(t))return;R();let n=await fe(e,t);R(),h(e.queryClient()),x(e,t,n,o)},
B=e=>{R(),h(e.queryClient())};var Y=60*1e3,H=P*1e3,me=5*Y,he=1440*Y,pe=['[id^="endpoint-item-"]','[id^="endpoint-"][id$="-menu"]',
'[data-testid="select-dropdown-button"][aria-expanded="true"]'].join(),X=(e,t)=>{let{askedAt:o=0,lists:r}=c(
e),s=r!=null&&Object.keys(r).length===0,n=Date.now()-o;return n<0||n>=(s?he:t)},G=(e,t)=>{let o=H,r=()=>{
document.visibilityState!=="hidden"&&(X(t,o)?E(e,t):A(e,t),o=me)},s=()=>{X(t,H)&&document.querySelector(
pe)&&E(e,t)},n=a=>{a.key===y&&document.visibilityState!=="hidden"&&A(e,t)};return document.addEventListener(
"visibilitychange",r),document.addEventListener("focusin",s),window.addEventListener("storage",n),r(),
()=>{document.removeEventListener("visibilitychange",r),document.removeEventListener("focusin",s),window.
removeEventListener("storage",n)}};var ye=500,V=(e,...t)=>{let o=Object.keys(e??{});return t.every(r=>o.includes(r))},Z=async()=>{let e=document.
querySelectorAll("link[rel=modulepreload], script[type=module][src]"),o=(await Promise.all([...e].map(
({href:r,src:s})=>import(r||s).catch(()=>({}))))).flatMap(r=>Object.values(r));return{http:o.find(r=>V(
r,"isAxiosError","interceptors")),texts:o.find(r=>V(r,"t","changeLanguage"))}},ee=e=>{let t=document.
getElementById("root")??{},r=[Object.entries(t).find(([s])=>s.startsWith("__reactContainer$"))?.[1].
stateNode.current];for(let s=0;s<ye&&r.length>0;s++){let n=r.pop();if(n?.memoizedProps&&e(n.memoizedProps))
return n.memoizedProps;n&&r.push(n.sibling,n.child)}return null},S,M=()=>{let t=ee(({client:o})=>o?.
getQueryCache)?.client;return t&&(F(S??t,t),S=t),S},te=e=>ee(({value:t})=>t?.showToast)?.value?.showToast?.(
e),k=()=>{let e=M();if(e?.getQueryData(["endpoints"]))for(let t of e.getQueryCache().findAll(["assis\
tants"]))t.queryKey.length===2&&!t.state.data&&t.isDisabled()&&e.setQueryData(t.queryKey,{data:[]},{
updatedAt:1})};var Q=new URL("../api/",import.meta.url),oe=new WeakSet,ge=async()=>{let{http:e,texts:t}=await Z();if(!e)
return;let o,r,s={showToast:te,queryClient:M,userId:()=>o,localize:(i,l)=>t?.t(i,{...l}),fetchUserModels:async i=>(await e.
post(new URL("models/fetch",Q).href,i)).data},n=i=>{i!==o&&(r?.(),o=i,r=i?G(s,i):void 0)},a=i=>{let{
url:l="",method:_,data:f}=i.config,{href:U}=new URL(l,document.baseURI);if(oe.has(i)||!U.startsWith(
Q.href))return;oe.add(i);let m=`${_} ${U.slice(Q.href.length)}`;if(m==="put keys")return J(s,JSON.parse(
f));if(/^delete keys[/?]/.test(m))return B(s);if(m==="get user")return n(i.data.id??i.data._id);if(m.
endsWith(" auth/logout"))return n();if(/^get (models|endpoints)$/.test(m))return setTimeout(k)};e.interceptors.
response.use(i=>(Promise.resolve(i).then(a).catch(()=>{}),i));let d=M()?.getQueryData(["user"]);n(d?.
id??d?._id),k()};ge().catch(()=>{});
